import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { copyOf, environmentOf, execForm, type Instruction, parseDockerfile } from './dockerfile.js';

/** What a container of the image would start with. */
export interface Image {
  /** Of the image's file system: `/app` is `<root>/app`. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

interface Building {
  root: string;
  workdir: string;
  env: Record<string, string>;
  user: string;
  command: readonly string[];
  healthcheck: readonly string[];
}

const run = promisify(execFile);

/**
 * Does on plain folders what a container engine would do with the Dockerfile: the same commands in the same order, each
 * stage in a folder of its own, by its name. An instruction that it does not know is an error, so that nothing goes unproven.
 * Not proven: the base image.
 */
export async function buildImages(
  context: string,
  folder: string,
  npmEnv: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, Image>> {
  const stages = new Map<string, Building>();
  for (const { name, from, instructions } of parseDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    const stage = await stageFrom(stages.get(from), join(folder, name));
    stages.set(name, stage);
    for (const instruction of instructions) await perform(instruction, stage, { context, stages, npmEnv });
  }
  return stages;
}

/** A folder of its own, with what the stage before it has, as links: the commands make and remove files, and change none. */
async function stageFrom(before: Building | undefined, root: string): Promise<Building> {
  if (before) {
    await run('cp', ['-al', before.root, root]);
    return { ...before, root, env: { ...before.env } };
  }
  mkdirSync(root, { recursive: true });
  return { root, workdir: '/', env: {}, user: 'root', command: [], healthcheck: [] };
}

interface Around {
  readonly context: string;
  readonly stages: ReadonlyMap<string, Building>;
  readonly npmEnv: NodeJS.ProcessEnv;
}

async function perform({ name, value }: Instruction, stage: Building, around: Around): Promise<void> {
  switch (name) {
    case 'WORKDIR':
      stage.workdir = value;
      mkdirSync(join(stage.root, value), { recursive: true });
      return;
    case 'ENV':
      Object.assign(stage.env, environmentOf(value));
      return;
    case 'COPY':
      return copy(value, stage, around);
    case 'RUN':
      await run('/bin/sh', ['-c', value], {
        cwd: join(stage.root, stage.workdir),
        env: { ...around.npmEnv, ...stage.env },
        maxBuffer: 1 << 26,
      });
      return;
    case 'USER':
      stage.user = value;
      return;
    case 'CMD':
      stage.command = execForm(value);
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = value === 'NONE' ? [] : execForm(value);
      return;
    // Not given, as in a build for the machine's own processor.
    case 'ARG':
    case 'EXPOSE':
    case 'LABEL':
      return;
    default:
      throw new Error(`The Dockerfile uses ${name}, which this test does not perform.`);
  }
}

function copy(value: string, stage: Building, { context, stages }: Around): void {
  const { from, sources, target } = copyOf(value);
  const source = from === undefined ? undefined : stages.get(from);
  if (from !== undefined && !source) throw new Error(`COPY --from=${from}: there is no such stage.`);
  const base = source?.root ?? context;
  const isIgnored = source ? () => false : ignoreOf(context);
  const to = join(stage.root, target.startsWith('/') ? '' : stage.workdir, target);
  for (const path of sources) {
    const origin = join(base, path);
    if (!existsSync(origin)) throw new Error(`COPY ${path}: it is not there.`);
    const into = target.endsWith('/') && !statSync(origin).isDirectory() ? join(to, basename(path)) : to;
    cpSync(origin, into, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !isIgnored(file),
    });
  }
}

/** What .dockerignore keeps out of the context, as far as its patterns go: names and `*` at the top, no exceptions. */
function ignoreOf(context: string): (file: string) => boolean {
  const patterns = readFileSync(join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const unknown = patterns.filter((pattern) => /[!?[\]\\]|\*\*|^\/|\/$/.test(pattern));
  if (unknown.length > 0) throw new Error(`.dockerignore: this test does not know ${unknown.join(' ')}`);
  const ignored = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`));
  return (file) => ignored.some((pattern) => pattern.test(relative(context, file)));
}
