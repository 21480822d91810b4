import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const STRICT = {
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023'],
  types: ['node'],
  outDir: 'compiled',
};

const FILES = ['orders.ts', 'orders.spec.ts', 'only-compiled.ts'];

/** The same in JavaScript, for another runner of tests. */
const KIT_TEST = `
  import { expect, it } from 'vitest';
  import { CustomStreamError, defineAssistant } from 'chatkit-relay/assistants';
  import { testAssistant } from 'chatkit-relay/assistants/testing';
  const assistant = defineAssistant({
    async *respond(ctx, { userMessage }) {
      if (userMessage.content[0].text === 'No') throw new CustomStreamError('Not today.', false);
      yield* ctx.answer();
    },
  });
  it('answers, and refuses', async () => {
    const chat = testAssistant(assistant, { model: ['Hello'] });
    const turns = [await chat.send('Yes'), await chat.send('No')];
    expect(turns.map(({ text, error }) => error?.message ?? text)).toEqual(['Hello', 'Not today.']);
  });`;

/** Puts a package of this checkout's into a project. */
function link(project: string, name: string): void {
  const place = join(project, 'node_modules', name);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), place);
}

/** As `npm install <folder>` does: a link to the built checkout. */
async function linked(project: string): Promise<void> {
  symlinkSync(root, join(project, 'node_modules', 'chatkit-relay'));
}

/** As `npm install <tarball>` does: what `npm pack` takes, with the packages that it depends on, and no other. */
async function unpacked(project: string): Promise<void> {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project];
  const { stdout } = await run('npm', pack, { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  const place = join(project, 'node_modules', 'chatkit-relay');
  mkdirSync(place);
  await run('tar', ['-xzf', join(project, packed.filename), '-C', place, '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { dependencies: object };
  for (const name of Object.keys(manifest.dependencies)) link(project, name);
}

describe.each([
  ['a link to the checkout', linked],
  ['the tarball of npm pack', unpacked],
])('a project of somebody else, with %s', (_, install) => {
  const project = temporaryFolder('chatkit-consumer-');
  beforeAll(async () => {
    for (const name of ['@types/node', '@types/pg', 'vitest']) link(project, name);
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    await install(project);
    for (const file of FILES) copyFileSync(new URL(file, import.meta.url), join(project, file));
  });

  it('passes the strictest compiler, with our declarations among what it checks, and its test of an assistant', async () => {
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, files: FILES }));
    const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
    const { stdout } = await run(process.execPath, [tsc, '-p', project, '--listFiles'], {
      maxBuffer: 16 * 1024 * 1024,
    }).catch(({ stdout: problems }: { stdout: string }) => ({ stdout: problems }));
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.includes('error TS'))).toEqual([]);
    const ours = join(realpathSync(join(project, 'node_modules', 'chatkit-relay')), '/');
    const own = lines.filter((file) => file.startsWith(ours) && !file.slice(ours.length).includes('node_modules/'));
    expect(own.length).toBeGreaterThan(50);
    expect(own.filter((file) => !file.endsWith('.d.ts'))).toEqual([]);

    const tested = await run(process.execPath, ['--test', join(project, 'compiled', 'orders.spec.js')]);
    expect(tested.stdout).toMatch(/^. pass 1$/m);
  });

  it('tests an assistant with vitest', async () => {
    writeFileSync(join(project, 'kit.test.js'), KIT_TEST);
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const tested = await run(process.execPath, [vitest, 'run', '--root', project, 'kit.test.js']);
    expect(tested.stdout).toContain('1 passed');
  });
});
