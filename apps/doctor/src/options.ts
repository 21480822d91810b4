import { parseArgs } from 'node:util';

export interface Options {
  /** A server to look at, from outside; without it, this installation. */
  readonly url: string | undefined;
  /** Origins of pages that are to be allowed to call. */
  readonly origins: readonly string[];
  /** Sent with requests that need credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly json: boolean;
  /** Sends a message, which a model answers. */
  readonly chat: boolean;
  /** Reads the configuration, and looks at nothing else. */
  readonly configAlone: boolean;
}

export const USAGE = `npm run doctor                          checks this installation, and its server if one is running
npm run doctor -- --url http://host     checks a running server from outside

  --origin https://page.example.com     can scripts of this page call the server? (repeatable)
  --header 'Authorization: Bearer …'    credentials, for an upload and a message (repeatable)
  --chat                                also sends a message, which costs a few tokens, and deletes its thread
  --config                              only reads the configuration, as both processes do; needs no database
  --json                                prints one JSON object
Exit code: 0, or 1 if anything failed, or 2 if the command was not understood.`;

/** What was typed is not understood; the message says why. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parsed(args);
  if (values.help) return 'help';
  const { url } = values;
  if (url !== undefined && !isWebAddress(url)) throw new UsageError(`--url must be an address like http://host:8000`);
  if (url !== undefined && values.config)
    throw new UsageError('--config is of this installation, and --url of another');
  for (const origin of values.origin) {
    if (!isWebAddress(origin)) throw new UsageError(`--origin must be an origin like https://page.example.com`);
  }
  return {
    url: url?.replace(/\/+$/, ''),
    origins: values.origin.map((origin) => new URL(origin).origin),
    headers: Object.fromEntries(values.header.map(headerOf)),
    json: values.json,
    chat: values.chat,
    configAlone: values.config,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        origin: { type: 'string', multiple: true, default: [] },
        header: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        chat: { type: 'boolean', default: false },
        config: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw new UsageError(`--header must be 'Name: value'`);
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}
