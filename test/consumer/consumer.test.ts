import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = new URL('../../', import.meta.url).pathname;
const run = promisify(execFile);

/** A project of somebody else, which has the package as `npm install <folder>` puts it there: a link to a built checkout. */
const folder = temporaryFolder('chatkit-consumer-');
beforeAll(() => {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'chatkit-relay'));
  symlinkSync(join(root, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

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
  noEmit: true,
};

it('the published types pass the strictest compiler, their own declarations among what it checks', async () => {
  copyFileSync(new URL('support.ts', import.meta.url), join(folder, 'support.ts'));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, files: ['support.ts'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  const { stdout } = await run(process.execPath, [tsc, '-p', folder, '--listFiles'], {
    maxBuffer: 16 * 1024 * 1024,
  }).catch(({ stdout: problems }: { stdout: string }) => ({ stdout: problems }));
  const files = stdout.split('\n');
  expect(files.filter((line) => line.includes('error TS'))).toEqual([]);
  const own = files.filter((file) => file.startsWith(root) && !file.includes('/node_modules/'));
  expect(own.length).toBeGreaterThan(50);
  expect(own.filter((file) => !file.endsWith('.d.ts'))).toEqual([]);
});

it('the test kit runs in plain Node, with what a module imports', async () => {
  writeFileSync(
    join(folder, 'kit.js'),
    `import { CustomStreamError, defineAssistant } from 'chatkit-relay/assistants';
     import { testAssistant } from 'chatkit-relay/assistants/testing';
     const assistant = defineAssistant({
       async *respond(ctx, { userMessage }) {
         if (userMessage.content[0].text === 'No') throw new CustomStreamError('Not today.', false);
         yield* ctx.answer();
       },
     });
     const chat = testAssistant(assistant, { model: ['Hello'] });
     const turns = [await chat.send('Yes'), await chat.send('No')];
     console.log(JSON.stringify(turns.map(({ text, error }) => error?.message ?? text)));`,
  );
  const { stdout } = await run(process.execPath, [join(folder, 'kit.js')]);
  expect(JSON.parse(stdout)).toEqual(['Hello', 'Not today.']);
});
