import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const LOGGER = fileURLToPath(new URL('../../dist/libs/runtime/src/platform/logger.js', import.meta.url));

/** The output of a process that logs one object and exits at once. */
function logged(object: string): Record<string, unknown> {
  const script = `
    const { createLogger } = await import(${JSON.stringify(LOGGER)});
    createLogger({ name: 'api', level: 'info', pretty: false, secrets: [] }).info(${object}, 'said');`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(output) as Record<string, unknown>;
}

it('keeps secrets out of a line, at the top and one level down', () => {
  const line = logged(`{ authorization: 'Bearer s3cret', request: { apiKey: 's3cret' }, runId: 'run_1' }`);
  expect(JSON.stringify(line)).not.toContain('s3cret');
  expect(line).toMatchObject({ name: 'api', msg: 'said', runId: 'run_1' });
});

it('removes the command that Redis refused from a line, and keeps the error in it', () => {
  const line = logged(`{ err: Object.assign(new Error('OOM'), { command: { args: ['what Ada wrote'] } }) }`);
  expect(JSON.stringify(line)).not.toContain('what Ada wrote');
  expect(line).toMatchObject({ err: { message: 'OOM', stack: expect.stringContaining('OOM') } });
});

it('removes the row that Postgres refused from a line, and keeps what names the rule', () => {
  const facts = `{ severity: 'ERROR', code: '23514', table: 'items', detail: 'Failing row contains (what Ada wrote).' }`;
  const line = logged(`{ err: Object.assign(new Error('violates a check'), ${facts}) }`);
  expect(JSON.stringify(line)).not.toContain('what Ada wrote');
  expect(line).toMatchObject({ err: { message: 'violates a check', code: '23514', table: 'items' } });
});

it.each([`'cancelled'`, 'null', '7'])('writes a line about %s, which somebody has thrown', (thrown) => {
  expect(logged(`{ err: ${thrown} }`)).toMatchObject({ msg: 'said', err: JSON.parse(thrown.replaceAll("'", '"')) });
});
