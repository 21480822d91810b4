import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doneItems, textOf } from '../../support/chat.js';
import { runApp } from '../../support/processes.js';
import { setStage } from './support/stage.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const runsTypeScript = 'typescript' in process.features && Boolean(process.features.typescript);

/** A folder outside of the package, with nothing installed in it. */
const folder = temporaryFolder('chatkit-assistants-');

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const configFor = (...modules: string[]): string =>
  write(
    'chatkit.config.yaml',
    `titles: false\nassistants:\n${modules.map((name) => `  - { id: ${name.split('.')[0]}, module: ./${name} }\n`).join('')}`,
  );

/** Starts a worker that is expected to refuse; nothing of it is reached before its assistants. */
const refusedWith = (config: string) =>
  runApp('worker', { DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere', CHATKIT_CONFIG: config });
const refusal = (...modules: string[]) => refusedWith(configFor(...modules));

const IMPORT = `import { defineAssistant, tool, z } from 'chatkit-relay/assistants';\n`;
const TOOL = `tool({ name: 'same', description: '', parameters: z.object({}), run: () => 1 })`;

describe('a module that cannot be loaded stops the worker, which names file, reason and remedy', () => {
  it.each([
    ['syntax.mjs', 'export default {\n  title: oops oops\n};', /SyntaxError.*syntax\.mjs:2/, /correct the file/],
    ['imports.mjs', `import 'not-installed-here';`, /Cannot find package 'not-installed-here'/, /must be installed/],
    ['throws.mjs', `throw new Error('no database');`, /Error: no database/, /correct the file/],
    [
      'getter.mjs',
      `export default { get title() {\n throw new Error('no name'); } };`,
      /no name \(.*getter\.mjs:2/,
      /correct the definition/,
    ],
    ['promise.mjs', 'export default Promise.resolve({});', /is a promise, before which an await/, /defineAssistant/],
    ['object.mjs', `throw { code: 'E_DB', table: 'x' };`, /code: 'E_DB'/, /correct the file/],
    ['nothing.mjs', 'export const assistant = {};', /no default export/, /export default defineAssistant/],
    ['turns.mjs', 'export default { maxTurns: 0 };', /maxTurns must be a whole number/, /correct the definition/],
    [
      'twice.mjs',
      `${IMPORT}export default defineAssistant({ tools: [${TOOL}, ${TOOL}] });`,
      /are called "same"/,
      /To fix it/,
    ],
    [
      'name.mjs',
      `${IMPORT}export default { tools: [${TOOL.replace('same', 'a b')}] };`,
      /"a b" is not a valid tool name/,
      /To fix it/,
    ],
  ])('%s', async (name, text, reason, remedy) => {
    write(name, text);
    const { code, output } = await refusal(name);
    expect(code).not.toBe(0);
    expect(output).toContain(join(folder, name));
    expect(output).toMatch(reason);
    expect(output).toMatch(remedy);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it.runIf(runsTypeScript).each([
    ['slip.ts', 'const fine: number = 1;\nconst broken: string = ;\nexport default {};', /slip\.ts:2/],
    ['early.ts', `interface Order { id: string }\n\nthrow new Error('no database');`, /no database.*early\.ts:3/],
  ])('%s, with its line as it was written', async (name, text, reason) => {
    write(name, text);
    const { code, output } = await refusal(name);
    expect(code).not.toBe(0);
    expect(output).toMatch(reason);
  });

  it('names all of them at once, with those of providers and the hooks', async () => {
    write('one.mjs', 'export default 1;');
    write('two.mjs', `throw new Error('two');`);
    const modules = 'providers:\n  - { id: three, module: ./one.mjs }\nhooks: ./two.mjs\n';
    const config = configFor('one.mjs', 'two.mjs');
    appendFileSync(config, modules);
    const { output } = await refusedWith(config);
    for (const what of ['assistant "one"', 'assistant "two"', 'provider "three"', 'hooks']) {
      expect(output).toContain(`${what}: ${folder}`);
    }
  });

  it('a file that is not there is told with its line, before anything is loaded', async () => {
    const { code, output } = await refusal('nowhere.mjs');
    expect(code).toBe(78);
    expect(output).toContain('chatkit.config.yaml:3: assistants[0].module: there is no such file: ./nowhere.mjs');
  });
});

describe('a module that lies anywhere on the disk', () => {
  it('imports what the worker itself runs, also through files of its own', async () => {
    write('own-error.mjs', `export { CustomStreamError } from 'chatkit-relay/assistants';`);
    write(
      'elsewhere.mjs',
      `${IMPORT}import { CustomStreamError } from './own-error.mjs';
       export default defineAssistant({
         async *respond(ctx, { userMessage }) {
           if (userMessage.content[0].text === 'Fail') throw new CustomStreamError('In my words.');
           yield { type: 'thread.item.done', item: ctx.item({
             type: 'assistant_message', content: [{ type: 'output_text', text: 'From afar.', annotations: [] }],
           }) };
         },
       });`,
    );
    const stage = await setStage('postgres', configFor('elsewhere.mjs'));
    try {
      const answer = await stage.begin('elsewhere', 'Hello', []);
      expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe('From afar.');
      const failed = await stage.begin('elsewhere', 'Fail', []);
      expect(failed.events.at(-1)).toMatchObject({ type: 'error', code: 'custom', message: 'In my words.' });
    } finally {
      await stage.stop();
    }
  });
});
