import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the code of an assistant, a hook or a provider's module failed. */
export interface AuthorFailure {
  /** The author's own line: `assistants/support.ts:12:7`, from the current folder. */
  readonly at: string;
  /** All frames of the error; those of the author's files as they were written, before any compiler. Without its message. */
  readonly stack: string;
}

/** The folders of the compiled product, and of its sources in tests. */
const OWN = ['apps/', 'libs/'].map((folder) => fileURLToPath(new URL(`../../../../${folder}`, import.meta.url)));

/** What precedes the file ends in a space or a bracket, so that `node:internal/…` is none. */
const FRAME = /^(\s+at (?:.*[ (])?)((?:file:\/\/)?\/[^()]+|[A-Z]:\\[^()]+):(\d+):(\d+)(\)?)$/;

/**
 * Undefined for an error in which no author's code takes part. Source maps are read here, when something has failed: Node would
 * read those of every module when it is loaded, and look into them for every stack.
 */
export function authorFailure(error: unknown): AuthorFailure | undefined {
  for (let depth = 0; error instanceof Error && depth < MAX_CAUSES; error = error.cause, depth++) {
    const frames = framesOf(error);
    const place = frames.find((frame) => frame.place)?.place;
    if (place !== undefined) return { at: place, stack: frames.map(({ line }) => line).join('\n') };
  }
  return undefined;
}

/** The same for any error: without a place where no author's code takes part. */
export const failureFrames = (error: unknown): Partial<AuthorFailure> =>
  authorFailure(error) ??
  (error instanceof Error
    ? {
        stack: framesOf(error)
          .map(({ line }) => line)
          .join('\n'),
      }
    : {});

const framesOf = (error: { readonly stack?: unknown }): Frame[] =>
  stackOf(error)
    .split('\n')
    .flatMap((line) => frameOf(line) ?? []);

const MAX_CAUSES = 5;

/** Not always a text: an author's code may decide how stacks are written, for the whole process. */
const stackOf = ({ stack }: { readonly stack?: unknown }): string => (typeof stack === 'string' ? stack : '');

/** The detail of an error, with the author's line where there is one. */
export function withPlace(detail: string, error: unknown): string {
  const failure = authorFailure(error);
  return failure ? `${detail} (at ${failure.at})` : detail;
}

interface Frame {
  readonly line: string;
  /** Of the author's. */
  readonly place?: string;
}

function frameOf(line: string): Frame | undefined {
  if (!/^\s+at /.test(line)) return undefined;
  const [, before = '', file = '', row = '', column = '', after = ''] = FRAME.exec(line) ?? [];
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  if (path === '' || /[\\/]node_modules[\\/]/.test(path) || OWN.some((folder) => path.startsWith(folder)))
    return { line };
  const place = shown(originalPlace(path, Number(row), Number(column)));
  return { line: `${before}${place}${after}`, place };
}

interface Place {
  readonly path: string;
  readonly row: number;
  readonly column: number;
}

function shown({ path, row, column }: Place): string {
  const near = relative(process.cwd(), path);
  return `${near.startsWith('..') ? path : near}:${row}:${column}`;
}

/** As it was before a compiler, where its file names a source map. */
function originalPlace(path: string, row: number, column: number): Place {
  const entry = sourceMapOf(path)?.findEntry(row - 1, column - 1);
  if (!entry || !('originalSource' in entry) || !entry.originalSource) return { path, row, column };
  const { originalSource, originalLine, originalColumn } = entry;
  const source = originalSource.startsWith('file:')
    ? fileURLToPath(originalSource)
    : resolve(path, '..', originalSource);
  return { path: source, row: originalLine + 1, column: originalColumn + 1 };
}

/** One that fails does so for every message: its map is read once. */
const maps = new Map<string, SourceMap | undefined>();
const MAX_MAPS = 100;

function sourceMapOf(path: string): SourceMap | undefined {
  if (!maps.has(path)) {
    if (maps.size >= MAX_MAPS) maps.clear();
    maps.set(path, readSourceMap(path));
  }
  return maps.get(path);
}

/** Undefined where there is none, or it cannot be read: then the compiled place has to do. */
function readSourceMap(path: string): SourceMap | undefined {
  try {
    const named = [...readFileSync(path, 'utf8').matchAll(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1];
    if (named === undefined) return undefined;
    const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/.exec(named) ?? [];
    const file = resolve(path, '..', decodeURI(named));
    const text = inline === undefined ? readFileSync(file, 'utf8') : Buffer.from(inline, 'base64').toString('utf8');
    const payload = JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0];
    const root = resolve(inline === undefined ? file : path, '..', payload.sourceRoot ?? '');
    const sources = payload.sources.map((source) => (source.startsWith('file:') ? source : resolve(root, source)));
    return new SourceMap({ ...payload, sourceRoot: '', sources });
  } catch {
    return undefined;
  }
}
