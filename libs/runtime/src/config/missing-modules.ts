import { readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { type ConfigIssue, configIssue } from './config-issue.js';

/** Whose code a process loads: the API that of `auth`, a worker all other. */
export type ModuleReader = 'api' | 'worker';

/** The modules that a process would load and whose files do not exist. `folder`: of the config file. */
export function missingModules(written: unknown, folder: string, reader: ModuleReader): ConfigIssue[] {
  const { assistants, providers, hooks, auth } = Written.parse(written);
  const places: readonly Place[] =
    reader === 'api'
      ? [[['auth', 'module'], auth.module]]
      : [
          ...assistants.map(({ module }, index): Place => [['assistants', index, 'module'], module]),
          ...providers.map(({ module }, index): Place => [['providers', index, 'module'], module]),
          [['hooks'], hooks],
        ];
  return places.flatMap(([path, file]) => (file === undefined ? [] : missing(path, file, folder)));
}

type Place = readonly [path: readonly (string | number)[], file: string | undefined];

function missing(path: readonly (string | number)[], file: string, folder: string): ConfigIssue[] {
  if (statSync(resolve(folder, file), { throwIfNoEntry: false })?.isFile()) return [];
  const where = isAbsolute(file) ? '' : ', seen from the folder of the config file';
  const words = `there is no such file: ${file}${where}`;
  return [configIssue(path, words, { unknown: file, known: filesBeside(file, folder) })];
}

const MODULE = /\.[cm]?[jt]s$/;

/** The modules in the folder where the file should be, each written as the file was. */
function filesBeside(file: string, folder: string): string[] {
  const start = file.startsWith('./') ? './' : '';
  try {
    const names = readdirSync(resolve(folder, dirname(file))).filter((name) => MODULE.test(name));
    return names.map((name) => `${start}${join(dirname(file), name)}`);
  } catch {
    return [];
  }
}

const File = z.string().min(1).optional().catch(undefined);
const Entry = z.object({ module: File }).catch({ module: undefined });

/** The parts of a config file that name modules, wherever they can be read. */
const Written = z
  .object({
    assistants: z.array(Entry).catch([]),
    providers: z.array(Entry).catch([]),
    hooks: File,
    auth: Entry,
  })
  .catch({ assistants: [], providers: [], hooks: undefined, auth: { module: undefined } });
