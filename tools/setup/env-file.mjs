import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveEngineSecrets } from './engine-secrets.mjs';
import { SetupError } from './setup-error.mjs';

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/**
 * Puts the variables of `.env` in the project's folder into the environment, as `docker compose` reads the same file.
 * What the environment has already, empty or not, takes precedence. Passwords of Postgres and Redis are then in their URLs.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function loadEnvFile(root, env = process.env) {
  const path = join(root, '.env');
  const text = readIfThere(path) ?? '';
  for (const [name, value] of Object.entries(parseEnvFile(text, env, path))) env[name] ??= value;
  resolveEngineSecrets(env);
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new SetupError(`${path} cannot be read: ${error.message}`);
  }
}

const NAME = /(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*/y;
const SINGLE = /'((?:\\'|[^'])*)'/y;
const DOUBLE = /"((?:\\[\s\S]|[^"\\])*)"/y;
/** Up to the end of the line, or to a comment, which has a space before it. */
const BARE = /[^\n]*?(?=[ \t]+#|[ \t]*(?:\n|$))/y;
const SPACE = /(?:[ \t\n]|#[^\n]*)*/y;
const REST_OF_LINE = /[ \t]*(?:#[^\n]*)?(?=\n|$)/y;

/**
 * The variables of a file. Values without quotes and in double quotes may insert others: `${NAME}`, `${NAME:-default}`,
 * `$NAME`; those of `env` take precedence over those of lines above. In double quotes, `\n`, `\r`, `\t`, `\\`, `\"` and `\$`
 * are escapes; in single quotes only `\'`.
 * @param {string} text
 * @param {Environment} env
 * @param {string} path for messages
 * @returns {Record<string, string>}
 */
export function parseEnvFile(text, env, path = '.env') {
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  /** @type {Record<string, string>} */
  const values = {};
  /** @param {string} name */
  const lookUp = (name) => env[name] ?? values[name];
  let at = 0;
  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found) at = pattern.lastIndex;
    return found;
  };
  /** @param {string} what */
  const fail = (what) => {
    const line = source.slice(0, at).split('\n').length;
    return new SetupError(`${path}:${line}: ${what}`);
  };
  /** @param {string} value */
  const insertIn = (value) => insert(value, lookUp, (words) => fail(words));
  for (take(SPACE); at < source.length; take(SPACE)) {
    const name = take(NAME)?.[1];
    if (name === undefined) throw fail('a line is NAME=value, or a comment that begins with #');
    // A name alone stands for the variable of the environment.
    if (take(REST_OF_LINE)) continue;
    if (!take(/[=:][ \t]*/y)) throw fail(`"=" is missing behind ${name}`);
    values[name] = readValue();
    if (!take(REST_OF_LINE)) throw fail(`${name}: something follows the quoted value; only a comment may`);
  }
  return values;

  function readValue() {
    const quote = source[at];
    if (quote === "'" || quote === '"') {
      const quoted = take(quote === "'" ? SINGLE : DOUBLE)?.[1];
      if (quoted === undefined) throw fail(`the quote ${quote} is not closed`);
      return quote === "'" ? quoted.replaceAll(String.raw`\'`, "'") : insertIn(quoted).replaceAll(ESCAPE, unescaped);
    }
    return insertIn(take(BARE)?.[0] ?? '').replaceAll('\0', '$');
  }
}

const ESCAPES = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"', $: '$' };
const ESCAPE = /\\([nrt\\"$])|\0/g;
/** @type {(whole: string, letter: keyof typeof ESCAPES | undefined) => string} */
const unescaped = (_, letter) => (letter === undefined ? '$' : ESCAPES[letter]);

/** `$$` and `\$`, a name, or a name in braces with what holds when it is not set. */
const INSERTED = /\$\$|\\\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?:(:?[-+?])([^}]*))?\}/g;

/**
 * @param {string} value
 * @param {(name: string) => string | undefined} lookUp
 * @param {(words: string) => Error} fail
 */
function insert(value, lookUp, fail) {
  return value.replaceAll(INSERTED, (_whole, bare, braced, operator = '', operand = '') => {
    const name = bare ?? braced;
    // A dollar that is meant as one: kept apart from what is inserted, until all is done.
    if (name === undefined) return '\0';
    const found = lookUp(name);
    const isSet = operator.startsWith(':') ? Boolean(found) : found !== undefined;
    if (operator.endsWith('+')) return isSet ? operand : '';
    if (isSet || operator === '') return found ?? '';
    if (operator.endsWith('?')) throw fail(`${name} is not set${operand && `: ${operand}`}`);
    return operand;
  });
}
