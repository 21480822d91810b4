import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { authorFailure, withPlace } from './author-frames.js';
import { loadModule } from './load-module.js';
import { loadReason } from './load-reason.js';

const runsTypeScript = 'typescript' in process.features && Boolean(process.features.typescript);
const OWNER = { what: 'assistant "a"', field: 'assistants[].module', write: 'export default defineAssistant({ … })' };

const folder = temporaryFolder('chatkit-author-');
const write = (name: string, ...lines: string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};
const failureIn = async (path: string): Promise<unknown> => {
  const { run } = (await import(pathToFileURL(path).href)) as { run: () => unknown };
  return Promise.resolve()
    .then(run)
    .catch((error: unknown) => error);
};

it('names the line of the author, and keeps the message out of the stack', async () => {
  const path = write('plain.js', '', 'export async function run(order) {', '  return order.items;', '}');
  const error = await failureIn(path);
  expect(withPlace('it failed', error)).toBe(`it failed (at ${path}:3:16)`);
  const { stack } = authorFailure(error) ?? {};
  expect(stack).toContain(`${path}:3:16`);
  expect(stack).not.toContain('Cannot read');
});

it('names the line as it was before the compiler, from a file or from the code itself', async () => {
  const map = { version: 3, sources: ['support.ts'], sourceRoot: '../src', names: [], mappings: 'AAEI' };
  const code = "export const run = () => { throw new Error('x'); };";
  write('mapped.js.map', JSON.stringify(map));
  const mapped = write('mapped.js', code, '//# sourceMappingURL=mapped.js.map');
  const inline = Buffer.from(JSON.stringify(map)).toString('base64');
  const inlined = write('inlined.js', code, `//# sourceMappingURL=data:application/json;base64,${inline}`);
  const broken = write('broken.js', code, '//# sourceMappingURL=gone.js.map');
  const source = join(folder, '..', 'src', 'support.ts');
  expect(authorFailure(await failureIn(mapped))?.at).toBe(`${source}:3:5`);
  expect(authorFailure(await failureIn(inlined))?.at).toBe(`${source}:3:5`);
  expect(authorFailure(await failureIn(broken))?.at).toBe(`${broken}:1:34`);
});

it('finds the line in the cause, and nothing where no author takes part', async () => {
  const path = write('cause.js', "export const run = () => { throw new Error('x'); };");
  const cause = await failureIn(path);
  expect(authorFailure(new Error('wrapped', { cause }))?.at).toBe(`${path}:1:34`);
  expect(
    authorFailure(Object.assign(new Error('ours'), { stack: `Error: ours\n    at ${import.meta.url}:1:1` })),
  ).toBeUndefined();
  const nodes =
    'Error: x\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)\n    at node:fs:1:1';
  expect(authorFailure(Object.assign(new Error('x'), { stack: nodes }))).toBeUndefined();
  expect(authorFailure('a word')).toBeUndefined();
});

it('of a file that cannot be parsed names the line and its text, also where another one imports it', async () => {
  const broken = write('syntax.js', 'const fine = 1;', 'const broken = ;');
  const entry = write('entry.js', "// import './';", "import './syntax.js';");
  const error = new SyntaxError("Unexpected token ';'");
  error.stack = `${error.name}: ${error.message}`;
  const told = `SyntaxError: Unexpected token ';' (${broken}:2: const broken = ;)`;
  expect(await loadReason(error, broken)).toBe(told);
  expect(await loadReason(error, entry)).toBe(told);
});

it('of a module that fails while it is loaded names the line', async () => {
  const path = write('loading.js', 'const settings = undefined;', 'export default settings.name;');
  await expect(loadModule(OWNER, path)).rejects.toThrow(`(${path}:2:25). To fix it`);
});

it.runIf(runsTypeScript)('names the line of TypeScript that has thrown, as it was written', async () => {
  const path = write(
    'shop.ts',
    'interface Order {',
    '  readonly items: readonly string[];',
    '}',
    '',
    'export function run(order?: Order): number {',
    '  return order!.items.length;',
    '}',
    'export default { run };',
  );
  const loaded = await loadModule(OWNER, path);
  const error = await failureIn(path);
  expect(loaded).toHaveProperty('run');
  expect(withPlace('it failed', error)).toBe(`it failed (at ${path}:6:17)`);
});

it.runIf(runsTypeScript)('names the line of a syntax error in TypeScript', async () => {
  const path = write('slip.ts', 'const fine: number = 1;', 'const broken: string = ;', 'export default { fine };');
  await expect(loadModule(OWNER, path)).rejects.toThrow(`${path}:2`);
});

it.skipIf(runsTypeScript)('of TypeScript, where Node does not run it, says what to do', async () => {
  const path = write('support.ts', 'export default {};');
  await expect(loadModule(OWNER, path)).rejects.toThrow(
    /it is TypeScript, which Node [\d.]+ does not run. To fix it: run .*22\.18.*compile/,
  );
});
