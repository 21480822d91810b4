import { parseArgs } from 'node:util';

export interface Options {
  /** The protocol's endpoint; undefined: the local server. */
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly threadId: string | undefined;
  readonly model: string | undefined;
  readonly assistant: string | undefined;
  /** `de`, `pt-BR`; undefined: the language of the shell. */
  readonly language: string | undefined;
  /** Paths of files to attach to the message. */
  readonly attach: readonly string[];
  /** One event a line instead of text. */
  readonly json: boolean;
  /** The answer to the form, or to the call of a client tool, that the thread waits for: JSON. */
  readonly answer: string | undefined;
  /** Answers the newest question of the thread again. */
  readonly retry: boolean;
  /** From the arguments; undefined: it is read. */
  readonly message: string | undefined;
}

export const USAGE = `npm run chat                                  a conversation in this terminal
npm run chat -- 'What is the time?'           one message; the answer goes to standard output
echo 'Hello' | npm run -s chat -- --json      the message from standard input, one event a line

  --url http://host:8000/chatkit      any ChatKit server; the local one by default
  --header 'Authorization: Bearer …'  repeatable
  --thread ID                         continues a conversation
  --model NAME, --assistant ID        who answers
  --language de                       in which the server should answer; that of the shell by default
  --attach PATH                       attaches a file; repeatable
  --answer JSON                       answers the form or client tool call that is waiting
  --retry                             asks the last question of the conversation again
Exit code: 0 answered, 1 failed, 2 not understood, 3 waiting for a form or client tool, 130 stopped.`;

/** What was typed is not understood; the message says why. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const { url, thread, model, assistant, language, attach, json, answer, retry } = values;
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) {
    throw new UsageError('--url must be an address like http://host:8000/chatkit');
  }
  if ((answer !== undefined || retry) && thread === undefined) {
    throw new UsageError('--answer and --retry need the conversation: --thread ID');
  }
  return {
    url,
    headers: Object.fromEntries(values.header.map(headerOf)),
    threadId: thread,
    model,
    assistant,
    language,
    attach,
    json,
    answer,
    retry,
    message: positionals.length > 0 ? positionals.join(' ') : undefined,
  };
}

function parsed(args: readonly string[]) {
  const list = { type: 'string', multiple: true, default: [] as string[] } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        header: list,
        thread: { type: 'string' },
        model: { type: 'string' },
        assistant: { type: 'string' },
        language: { type: 'string' },
        attach: list,
        json: { type: 'boolean', default: false },
        answer: { type: 'string' },
        retry: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 1) throw new UsageError(`--header must be 'Name: value'`);
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}
