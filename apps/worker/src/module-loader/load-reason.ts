import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { authorFailure } from './author-frames.js';
import { thrownText } from './thrown-text.js';

/** Files of the module's own that are looked through for the one that cannot be parsed. */
const MAX_FILES = 50;
const MAX_LINE = 120;

/** Why a module could not be loaded, in one line: the error, its place, and for one that cannot be parsed the line itself. */
export async function loadReason(error: unknown, path: string): Promise<string> {
  if (!(error instanceof Error)) return otherText(error);
  const reason = `${error.name}: ${error.message}`;
  const place = error instanceof SyntaxError ? await syntaxPlace(error, path) : authorFailure(error)?.at;
  return place === undefined ? reason : `${reason} (${place})`;
}

/** Of an object that has no text of its own, its fields. */
function otherText(thrown: unknown): string {
  const text = thrownText(thrown);
  return text === '[object Object]' ? inspect(thrown, { depth: 1, breakLength: Infinity }).slice(0, MAX_LINE) : text;
}

/** Node names the place of a module that imports what is not exported; for one that cannot be parsed its own check does. */
async function syntaxPlace(error: SyntaxError, path: string): Promise<string | undefined> {
  const known = placeIn(error.stack);
  if (known !== undefined) return known;
  for (const file of ownFiles(path)) {
    const found = await checkedPlace(file);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The module, and what it imports by a relative path. */
function* ownFiles(path: string): Generator<string> {
  const files = [path];
  for (let index = 0; index < files.length && index < MAX_FILES; index++) {
    const file = files[index] as string;
    yield file;
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*['"](\.[^'"]+)['"]/g)) {
      const imported = resolve(file, '..', name);
      if (isFile(imported) && !files.includes(imported)) files.push(imported);
    }
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function checkedPlace(path: string): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(process.execPath, ['--check', path], (_, _stdout, stderr) => done(placeIn(stderr)));
  });
}

/** The first line, if it is a place (`file:///…/support.js:7`), with the text there. */
function placeIn(text: string | undefined): string | undefined {
  const [, file, row] = /^(.+):(\d+)$/.exec((text ?? '').split('\n', 1)[0] ?? '') ?? [];
  if (file === undefined || row === undefined) return undefined;
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const line = existsSync(path)
    ? readFileSync(path, 'utf8').split('\n')[Number(row) - 1]?.trim().slice(0, MAX_LINE)
    : undefined;
  return `${path}:${row}${line ? `: ${line}` : ''}`;
}
