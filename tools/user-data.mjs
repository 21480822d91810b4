// `npm run user-data`: exports or erases what a running server stores of a user, or proves that nothing is left, through the
// administrator's routes.
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { loadEnvFile } from './setup/env-file.mjs';
import { root, say } from './setup/project.mjs';
import { runMain } from './setup/run-main.mjs';
import { SetupError } from './setup/setup-error.mjs';

const USAGE = `npm run user-data -- export --user U [--files]   JSON lines to standard output, or to --out FILE
npm run user-data -- erase --user U               deletes everything that is stored of U
npm run user-data -- prove --user U --out FILE    exports to FILE, erases, and looks for what FILE names

  --tenant T   (default)                  the tenant of the user
  --url URL    (http://127.0.0.1:8000)    the server
  ADMIN_TOKEN must be in the environment.`;

/** As many texts as the server takes in one search; more are looked for in several. */
const MAX_TEXTS = 1_000;
/** Shorter texts are found everywhere; the server refuses them. */
const MIN_TEXT = 4;
/** Lines whose ids must be gone. Runs are not among them: those that were open are known by their ids for 15 minutes. */
const SEARCHED = new Set(['thread', 'item', 'attachment', 'feedback']);

const OPTIONS = /** @type {const} */ ({
  user: { type: 'string' },
  tenant: { type: 'string', default: 'default' },
  url: { type: 'string', default: 'http://127.0.0.1:8000' },
  out: { type: 'string' },
  files: { type: 'boolean', default: false },
});

/** @typedef {{ user: string, tenant: string, url: string, out?: string | undefined, files: boolean }} Options */

/** @param {Options} options @param {string} method @param {string} path @param {object} [body] */
async function ask({ url }, method, path, body) {
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      authorization: `Bearer ${process.env.ADMIN_TOKEN}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  throw new SetupError(`${method} ${path}: ${response.status} ${await response.text()}`);
}

/** @param {Options} options */
const whose = ({ tenant, user }) => new URLSearchParams({ tenant, user }).toString();

/** @param {Options} options */
async function exported(options) {
  const { body } = await ask(options, 'GET', `/admin/api/user-export?${whose(options)}&files=${options.files}`);
  if (!body) throw new SetupError('The server sent no export.');
  return Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (body));
}

/** Ids of an export, as it is written to a file; throws when its last line is missing. @param {Options} options */
async function exportTo(options) {
  const stream = await exported(options);
  const texts = new Set(options.user.length >= MIN_TEXT ? [options.user] : []);
  let last = '';
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  await pipeline(
    lines,
    async function* (source) {
      for await (const line of source) {
        const { type, id } = JSON.parse(line);
        if (SEARCHED.has(type)) texts.add(id);
        last = type;
        yield `${line}\n`;
      }
    },
    createWriteStream(String(options.out), { mode: 0o600 }),
  );
  if (last !== 'end') throw new SetupError(`The export in ${options.out} is not whole: nothing was erased.`);
  return [...texts];
}

/** @param {Options} options */
async function prove(options) {
  if (!options.out) throw new SetupError('prove needs --out FILE: the export is what is looked for afterwards.');
  const texts = await exportTo(options);
  say(`Erased: ${await (await ask(options, 'DELETE', `/admin/api/user-data?${whose(options)}`)).text()}`);
  if (texts.length === 0) {
    say('The export names nothing that could be looked for.');
    return 0;
  }
  const places = new Set();
  for (let first = 0; first < texts.length; first += MAX_TEXTS) {
    const searched = texts.slice(first, first + MAX_TEXTS);
    const answer = await ask(options, 'POST', '/admin/api/remains', { texts: searched });
    const { data } = /** @type {{ data: { where: string, name: string, count: number }[] }} */ (await answer.json());
    for (const { where, name, count } of data) {
      say(`LEFT  ${where}: ${name} (${count})`);
      places.add(`${where} ${name}`);
    }
  }
  say(`${texts.length} texts were looked for, in ${places.size} places something is left.`);
  return places.size > 0 ? 1 : 0;
}

/** @type {Record<string, (options: Options) => Promise<number>>} */
const COMMANDS = {
  async export(options) {
    await pipeline(
      await exported(options),
      options.out ? createWriteStream(options.out, { mode: 0o600 }) : process.stdout,
    );
    return 0;
  },
  async erase(options) {
    say(await (await ask(options, 'DELETE', `/admin/api/user-data?${whose(options)}`)).text());
    return 0;
  },
  prove,
};

await runMain(async () => {
  loadEnvFile(root);
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const command = COMMANDS[positionals[0] ?? ''];
  if (!command || !values.user || !process.env.ADMIN_TOKEN) {
    say(USAGE);
    return 2;
  }
  return command({ ...values, user: values.user });
});
