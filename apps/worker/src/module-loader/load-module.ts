import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { loadReason } from './load-reason.js';
import { allowOwnImports } from './own-imports.js';

/** The purpose of a module, and what its author must know to fix it. */
export interface ModuleOwner {
  /** `assistant "support"` */
  readonly what: string;
  /** Where the path is configured: `assistants[].module` */
  readonly field: string;
  /** The line that its file should end with: `export default defineAssistant({ … })` */
  readonly write: string;
}

/** How long a module may take to load, with all that it awaits. */
const LOAD_WITHIN_MS = 30_000;

/** The default export of an operator's module. @throws Error that names the file, the reason and what to do about it */
export async function loadModule(
  { what, field, write }: ModuleOwner,
  path: string,
  limitMs = LOAD_WITHIN_MS,
): Promise<object> {
  if (!existsSync(path)) throw moduleProblem(what, path, 'there is no such file', `check ${field} in the config file`);
  if (isTypeScript(path) && !runsTypeScript()) throw moduleProblem(what, path, ...NO_TYPESCRIPT);
  allowOwnImports();
  const loaded = await importWithin(limitMs, path).catch(async (error: unknown) => {
    const reason = await loadReason(error, path);
    throw moduleProblem(what, path, reason, 'correct the file; what it imports must be installed where it is');
  });
  const exported: unknown = loaded.default;
  if (typeof exported === 'object' && exported !== null && !isOther(exported)) return exported;
  throw moduleProblem(what, path, whatIsWrong(exported), `write: ${write}`);
}

/** One that awaits what never comes would keep the worker from starting, in silence. */
async function importWithin(limitMs: number, path: string): Promise<{ readonly default?: unknown }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const words = `it has not loaded within ${limitMs / 1_000} s: it awaits something that does not come`;
    timer = setTimeout(() => reject(new Error(words)), limitMs);
  });
  try {
    return (await Promise.race([import(pathToFileURL(path).href), late])) as { readonly default?: unknown };
  } finally {
    clearTimeout(timer);
  }
}

/** Objects that would pass for a definition in which everything is left out. */
const isOther = (exported: object): boolean => exported instanceof Promise || Array.isArray(exported);

const isTypeScript = (path: string): boolean => /\.[cm]?ts$/.test(path);
/** Known to Node from 22.10 on; without the flag it is true from 22.18 on. */
const runsTypeScript = (): boolean => 'typescript' in process.features && Boolean(process.features.typescript);
const NO_TYPESCRIPT = [
  `it is TypeScript, which Node ${process.versions.node} does not run`,
  'run the workers with Node 22.18 or newer, which leaves the types out, or compile the file and name the .js file that this makes',
] as const;

function whatIsWrong(exported: unknown): string {
  if (exported instanceof Promise) return 'its default export is a promise, before which an await is missing';
  if (Array.isArray(exported)) return 'its default export is a list';
  if (typeof exported !== 'function') return 'it has no default export';
  const isClass = /^class\b/.test(Function.prototype.toString.call(exported));
  return `its default export is ${isClass ? 'a class' : 'a function'}${exported.name ? ` (${exported.name})` : ''}`;
}

export const moduleProblem = (what: string, path: string, reason: string, fix: string): Error =>
  new Error(`${what}: ${path} cannot be used: ${reason.replace(/\.$/, '')}. To fix it: ${fix}.`);
