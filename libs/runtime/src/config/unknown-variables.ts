import type { Environment } from '../environment/parse-environment.js';
import { VARIABLES } from '../environment/registry.js';
import { isServiceLink } from '../environment/service-links.js';
import type { Variable } from '../environment/variable.js';
import { didYouMean, nearestName } from './nearest-name.js';

/** Whoever sets a variable that begins like this means us. Those of `AUTH_` stop the start: `authSettingProblems`. */
const FAMILIES = ['CHATKIT_', 'DATABASE_', 'REDIS_', 'S3_', 'WORKER_'];

/** Where data is: a setting of these that nothing reads would leave a process on another engine than its operator believes. */
const OF_ENGINES = /^(?:DATABASE|REDIS)_/i;

/** Like one of ours but for a letter, and read by another program: by Ollama. */
const OF_OTHERS = new Set(['OLLAMA_MODELS']);

/** Shorter names are like too many others. */
const MIN_LETTERS = 7;
/** A vendor's name that is shorter, with one letter changed, is another vendor's: `GROQ_…` and `GROK_…`, `CO_…` and `GO_…`. */
const MIN_VENDOR = 6;

const OWN: readonly string[] = Object.entries<Pick<Variable, 'alias' | 'isSecret' | 'isReadByLibrary'>>(
  VARIABLES,
).flatMap(([name, { alias, isSecret, isReadByLibrary }]) => [
  name,
  ...(alias ? [alias] : []),
  ...(isSecret && !isReadByLibrary ? [`${name}_FILE`] : []),
]);

/** What else is read: `ofProviders` by their library, `inserted` by the config file. */
export interface OtherReaders {
  readonly ofProviders?: readonly string[];
  readonly inserted: ReadonlySet<string>;
}

/**
 * Variables that look like ours and that nothing reads, each in words, with the name that was probably meant: those of our
 * {@link FAMILIES}, and those that are one of our names but for its case, its separators or one slip. Those {@link OF_ENGINES} are
 * problems, which stop the start. Values are not repeated.
 */
export function unknownVariables(env: Environment, readers: OtherReaders): UnknownVariables {
  const unknown = unread(env, readers);
  const problems = unknown.filter((words) => OF_ENGINES.test(words));
  return { problems, warnings: unknown.filter((words) => !problems.includes(words)) };
}

export interface UnknownVariables {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

function unread(env: Environment, { ofProviders = [], inserted }: OtherReaders): string[] {
  const known = [...OWN, ...ofProviders];
  const isKnown = new Set(known);
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value || isKnown.has(name) || inserted.has(name) || OF_OTHERS.has(name) || isServiceLink(name, value))
      return [];
    if (/^AUTH[_-]/i.test(name)) return [];
    const family = FAMILIES.find((prefix) => name.startsWith(prefix));
    if (!family && !isNearMiss(name, known)) return [];
    const meant = didYouMean(name, known);
    const others = OWN.filter((one) => family && one.startsWith(family) && !one.endsWith('_FILE')).join(', ');
    return [`${name}: nothing reads this variable${meant || `; those of its kind are ${others}`}`];
  });
}

/** Words that are left out of the names of providers' variables: `OPENAI_KEY`, `OPENAI_URL`. */
const LEFT_OUT = /_(?:API|BASE)(?=_)/;

function isNearMiss(name: string, known: readonly string[]): boolean {
  if (name.length < MIN_LETTERS) return false;
  if (known.some((one) => LEFT_OUT.test(one) && one.replace(LEFT_OUT, '') === name.toUpperCase())) return true;
  const meant = nearestName(name, known, 1);
  return meant !== undefined && (meant.distance === 0 || !isOtherVendor(name, meant.name));
}

function isOtherVendor(name: string, meant: string): boolean {
  const [given = '', own = ''] = [name, meant].map((one) => one.toUpperCase().split('_')[0]);
  return given !== own && Math.min(given.length, own.length) < MIN_VENDOR;
}
