import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const RESTRICTED = 'eslint(no-restricted-imports)';

const imports = (name: string): string => `import * as it from '${name}';\nexport const used = it;\n`;

/** File, its text, and the rule that must complain. */
const FORBIDDEN: [string, string, string][] = [
  ['apps/api/src/a.ts', imports('#providers'), RESTRICTED],
  ['apps/api/src/b.ts', imports('openai'), RESTRICTED],
  ['apps/api/src/c.ts', imports('bullmq'), RESTRICTED],
  ['apps/api/src/d.ts', imports('@prisma/client'), RESTRICTED],
  ['apps/api/src/chatkit/e.ts', imports('../../../worker/src/config.js'), RESTRICTED],
  ['apps/api/src/chatkit/f.ts', imports('../../../../libs/runtime/src/index.js'), RESTRICTED],
  ['apps/api/src/g.ts', imports('#chatkit/testing'), RESTRICTED],
  ['apps/worker/src/a.ts', imports('fastify'), RESTRICTED],
  ['apps/worker/src/turn/b.ts', imports('bullmq'), RESTRICTED],
  ['apps/worker/src/turn/c.ts', imports('ioredis'), RESTRICTED],
  ['libs/chatkit/src/a.ts', imports('#runtime'), RESTRICTED],
  ['libs/chatkit/src/b.ts', imports('#providers'), RESTRICTED],
  ['libs/chatkit/src/c.ts', imports('@nestjs/common'), RESTRICTED],
  ['libs/chatkit/src/d.ts', imports('../../runtime/src/index.js'), RESTRICTED],
  ['libs/providers/src/a.ts', imports('#chatkit'), RESTRICTED],
  ['libs/providers/src/b.ts', imports('#runtime'), RESTRICTED],
  ['libs/providers/src/c.ts', imports('ioredis'), RESTRICTED],
  ['libs/providers/src/d.ts', imports('@prisma/adapter-pg'), RESTRICTED],
  ['libs/runtime/src/a.ts', imports('#providers'), RESTRICTED],
  ['libs/runtime/src/runs/b.ts', imports('bullmq'), RESTRICTED],
  ['libs/runtime/src/c.ts', imports('@nestjs/platform-fastify'), RESTRICTED],
  ['libs/runtime/src/d.test.ts', imports('../../chatkit/src/index.js'), RESTRICTED],
  ['libs/runtime/src/e.ts', "import { env } from 'node:process';\nexport const used = env;\n", RESTRICTED],
  ['libs/runtime/src/f.ts', 'export const home = process.env.HOME;\n', 'node(no-process-env)'],
  ['apps/api/src/h.ts', 'export const home = process.env.HOME;\n', 'node(no-process-env)'],
  ['libs/chatkit/src/e.ts', 'export const it = (x: any): unknown => x;\n', 'typescript(no-explicit-any)'],
  ['libs/chatkit/src/f.ts', 'try {\n  Object.freeze({});\n} catch {}\n', 'eslint(no-empty)'],
  ['libs/chatkit/src/g.ts', "console.log('x');\n", 'eslint(no-console)'],
];

const ALLOWED: [string, string][] = [
  ['apps/api/src/ok-a.ts', imports('#runtime')],
  ['apps/api/src/ok-b.ts', imports('fastify')],
  ['apps/api/src/config.ts', 'export const home = process.env.HOME;\n'],
  ['apps/worker/src/ok.ts', imports('#providers')],
  ['apps/worker/src/jobs/ok.ts', imports('bullmq')],
  ['libs/chatkit/src/ok.ts', imports('zod')],
  ['libs/runtime/src/ok.ts', imports('#chatkit')],
  ['libs/runtime/src/jobs/ok.ts', imports('bullmq')],
  ['libs/runtime/src/ok.test.ts', imports('#chatkit/testing')],
  ['test/support/ok.ts', 'export const home = process.env.HOME;\n'],
];

interface Finding {
  filename: string;
  code: string;
}

let findings: Finding[] = [];
const folder = mkdtempSync(join(tmpdir(), 'chatkit-relay-lint-'));

beforeAll(() => {
  cpSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [file, text] of [...FORBIDDEN, ...ALLOWED]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json'], { cwd: folder, encoding: 'utf8' });
  findings = (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const codesFor = (file: string): string[] =>
  findings.filter(({ filename }) => filename === file).map(({ code }) => code);

describe('the linter', () => {
  it.each(FORBIDDEN)('refuses %s', (file, _, code) => expect(codesFor(file)).toContain(code));
  it.each(ALLOWED)('accepts %s', (file) => expect(codesFor(file)).toEqual([]));
});
