import { beforeAll, describe, expect, it } from 'vitest';
import { lintFiles } from './lint-files.js';

const BORDERS = 'relay(borders)';
const LAYERS = 'relay(layers)';

const imports = (name: string): string => `import * as it from '${name}';\nexport const used = it;\n`;
const readsEnvironment = 'export const home = process.env.HOME;\n';

/** File, its text, and the rule that must complain. */
const FORBIDDEN: [string, string, string][] = [
  ['apps/api/src/a.ts', imports('#providers'), BORDERS],
  ['apps/api/src/a1.ts', imports('#runtime/worker'), BORDERS],
  ['apps/api/src/b.ts', imports('openai'), BORDERS],
  ['apps/api/src/b1.ts', imports('chatkit-relay/providers'), BORDERS],
  ['apps/api/src/b2.ts', imports('../../../node_modules/ioredis/built/index.js'), BORDERS],
  ['libs/runtime/src/platform/own-name.ts', imports('#runtime'), BORDERS],
  ['libs/runtime/src/platform/own-entry.ts', imports('#runtime/worker'), BORDERS],
  ['libs/chatkit/src/protocol/own-name.ts', imports('#chatkit'), BORDERS],
  ['libs/providers/src/spec/own-name.ts', imports('#providers'), BORDERS],
  ['libs/runtime/src/platform/a-test.ts', imports('./helper.test.js'), BORDERS],
  ['apps/api/src/c.ts', imports('bullmq'), BORDERS],
  ['apps/api/src/c2.ts', imports('@nestjs/bullmq'), BORDERS],
  ['apps/api/src/d.ts', imports('@prisma/client'), BORDERS],
  ['apps/api/src/d2.ts', imports('ioredis'), BORDERS],
  ['apps/api/src/chatkit/e.ts', imports('../../../worker/src/config.js'), BORDERS],
  ['apps/api/src/chatkit/f.ts', imports('../../../../libs/runtime/src/index.js'), BORDERS],
  ['apps/api/src/g.ts', imports('#chatkit/testing'), BORDERS],
  ['apps/api/src/g2.ts', imports('../../../test/support/redis.js'), BORDERS],
  ['apps/api/src/g3.test.ts', imports('../../../tools/engines/redis.js'), BORDERS],
  ['apps/doctor/src/a.ts', imports('../../api/src/app.module.js'), BORDERS],
  ['apps/doctor/src/b.ts', imports('#runtime/worker'), BORDERS],
  ['apps/terminal/src/a.ts', imports('../../web/src/page/main.js'), BORDERS],
  ['apps/worker/src/a.ts', imports('fastify'), BORDERS],
  ['apps/worker/src/turn/a1.ts', imports('#runtime/api'), BORDERS],
  ['apps/worker/src/a2.ts', imports('@nestjs/platform-fastify'), BORDERS],
  ['apps/worker/src/a3.ts', imports('pg'), BORDERS],
  ['apps/worker/src/turn/b.ts', imports('bullmq'), BORDERS],
  ['apps/worker/src/turn/c.ts', imports('ioredis'), BORDERS],
  ['apps/worker/src/turn/d.ts', imports('#providers/testing'), BORDERS],
  ['apps/worker/src/turn/e.ts', imports('../gateway/completion-runner.js'), LAYERS],
  ['apps/worker/src/turn/e2.ts', "export type Used = import('../gateway/completion.js').Completion;\n", LAYERS],
  ['apps/worker/src/gateway/f.ts', imports('../turn/turn-runner.js'), LAYERS],
  ['apps/worker/src/gateway/f2.ts', "export type { TurnAttempt } from '../turn/turn-attempt.js';\n", LAYERS],
  ['apps/worker/src/attempt/g.ts', imports('../output/turn-output.js'), LAYERS],
  ['apps/worker/src/output/h.ts', "export type { TurnAttempt } from '../turn/turn-attempt.js';\n", LAYERS],
  ['apps/web/src/page/a.ts', imports('../../../../libs/chatkit/src/widgets/components.js'), BORDERS],
  ['libs/chatkit/src/a.ts', imports('#runtime'), BORDERS],
  ['libs/chatkit/src/b.ts', imports('#providers'), BORDERS],
  ['libs/chatkit/src/c.ts', imports('@nestjs/common'), BORDERS],
  ['libs/chatkit/src/d.ts', imports('../../runtime/src/index.js'), BORDERS],
  ['libs/chatkit/src/d2.ts', imports('#media'), BORDERS],
  ['libs/client/src/a.ts', imports('#chatkit'), BORDERS],
  ['libs/media/src/a.ts', imports('#runtime'), BORDERS],
  ['libs/media/src/b.ts', imports('#providers'), BORDERS],
  ['libs/providers/src/a1.ts', imports('sharp'), BORDERS],
  ['libs/providers/src/a.ts', imports('#chatkit'), BORDERS],
  ['libs/providers/src/b.ts', imports('#runtime'), BORDERS],
  ['libs/providers/src/c.ts', imports('ioredis'), BORDERS],
  ['libs/providers/src/d.ts', imports('@prisma/adapter-pg'), BORDERS],
  ['apps/worker/src/turn/f.ts', imports('openai'), BORDERS],
  ['libs/providers/src/e.ts', "import type { OpenAI } from 'openai';\nexport type Used = OpenAI;\n", BORDERS],
  ['libs/providers/src/f.ts', "export const sdk: unknown = loadSdk('cohere-ai', 'cohere');\n", BORDERS],
  ['libs/providers/src/g.ts', "export const sdk: unknown = require('@anthropic-ai/sdk');\n", BORDERS],
  ['libs/providers/src/adapters/openai/a.ts', imports('@anthropic-ai/sdk'), BORDERS],
  ['libs/providers/src/adapters/openai/b.ts', imports('../cohere/provider.js'), LAYERS],
  ['libs/providers/src/adapters/vertex/a.ts', imports('@aws-sdk/credential-providers'), BORDERS],
  ['libs/providers/src/adapters/bedrock/a.ts', imports('google-auth-library'), BORDERS],
  ['libs/providers/src/adapters/cohere/a.ts', imports('openai/resources/models'), BORDERS],
  ['libs/providers/src/adapters/cohere/b.ts', imports('../ollama/provider.js'), LAYERS],
  ['libs/providers/src/adapters/cohere/c.ts', imports('../kinds.js'), LAYERS],
  ['libs/providers/src/adapters/cohere/d.ts', imports('../../registry.js'), LAYERS],
  ['libs/providers/src/adapters/brand-new/a.ts', imports('../ollama/provider.js'), LAYERS],
  ['libs/providers/src/wire/a.ts', imports('../adapters/kinds.js'), LAYERS],
  ['libs/providers/src/http/a.ts', imports('../wire/errors.js'), LAYERS],
  ['libs/providers/src/spec/a.ts', imports('../policies/guard.js'), LAYERS],
  ['libs/runtime/src/a.ts', imports('#providers'), BORDERS],
  ['libs/runtime/src/runs/b.ts', imports('bullmq'), BORDERS],
  ['libs/runtime/src/runs/c1.ts', imports('../admission/admit.js'), LAYERS],
  ['libs/runtime/src/runs/c2.ts', "export type Used = import('../execution/sweep.js').Swept;\n", LAYERS],
  ['libs/runtime/src/admission/c3.ts', "export type { Swept } from '../execution/sweep.js';\n", LAYERS],
  ['libs/runtime/src/events/c4.ts', imports('./redis/redis-engine.js'), LAYERS],
  ['libs/runtime/src/c.ts', imports('@nestjs/platform-fastify'), BORDERS],
  ['libs/runtime/src/d.test.ts', imports('../../chatkit/src/index.js'), BORDERS],
  ['libs/runtime/src/e1.ts', "import type { Provider } from '#providers';\nexport type Used = Provider;\n", BORDERS],
  ['libs/runtime/src/e2.ts', "export { createProvider } from '#providers';\n", BORDERS],
  ['libs/runtime/src/e3.ts', "export * from '#providers';\n", BORDERS],
  ['libs/runtime/src/e4.ts', "export const load = (): unknown => import('openai');\n", BORDERS],
  ['libs/runtime/src/e5.ts', "export type Used = import('openai').OpenAI;\n", BORDERS],
  [
    'libs/runtime/src/e.ts',
    "import { env } from 'node:process';\nexport const used = env;\n",
    'eslint(no-restricted-imports)',
  ],
  ['libs/runtime/src/f.ts', readsEnvironment, 'node(no-process-env)'],
  ['apps/api/src/h.ts', readsEnvironment, 'node(no-process-env)'],
  ['libs/chatkit/src/e.ts', 'export const it = (x: any): unknown => x;\n', 'typescript(no-explicit-any)'],
  ['libs/chatkit/src/f.ts', 'try {\n  Object.freeze({});\n} catch {}\n', 'eslint(no-empty)'],
  ['libs/chatkit/src/g.ts', "console.log('x');\n", 'eslint(no-console)'],
];

const ALLOWED: [string, string][] = [
  ['apps/api/src/ok-a.ts', imports('#runtime')],
  ['apps/api/src/ok-a1.ts', imports('#runtime/api')],
  ['apps/api/src/ok-b.ts', imports('fastify')],
  ['apps/api/src/config.ts', readsEnvironment],
  ['apps/doctor/src/ok.ts', imports('../../api/src/config.js')],
  ['apps/doctor/src/checks/ok.ts', imports('../../../worker/src/config.js')],
  ['apps/doctor/src/ok2.ts', imports('ioredis')],
  ['apps/terminal/src/ok.ts', imports('../../web/src/protocol/client.js')],
  ['apps/worker/src/ok.ts', imports('#providers')],
  ['apps/worker/src/ok-b.ts', imports('@nestjs/bullmq')],
  ['apps/worker/src/jobs/ok.ts', imports('bullmq')],
  ['apps/worker/src/turn/ok.test.ts', imports('../../../../test/support/redis.js')],
  ['apps/web/src/page/ok.ts', imports('../../../../libs/client/src/index.js')],
  ['apps/web/src/page/ok2.ts', imports('../../../../libs/chatkit/src/widgets/apply-widget-update.js')],
  [
    'apps/web/src/page/ok3.ts',
    "import type { A } from '../../../../libs/chatkit/src/widgets/components.js';\nexport type B = A;\n",
  ],
  ['apps/web/src/page/testing/ok.ts', imports('../../../../../libs/chatkit/src/widgets/components.js')],
  ['libs/chatkit/src/ok.ts', imports('zod')],
  ['libs/runtime/src/ok.ts', imports('#chatkit')],
  ['libs/runtime/src/attachments/ok.ts', imports('#media')],
  ['libs/media/src/ok.ts', imports('sharp')],
  ['libs/runtime/src/jobs/ok.ts', imports('bullmq')],
  ['libs/runtime/src/ok.test.ts', imports('#chatkit/testing')],
  ['libs/providers/src/testing/ok.ts', imports('fastify')],
  ['libs/providers/src/adapters/openai/ok.ts', imports('openai')],
  ['libs/providers/src/adapters/azure/ok.ts', imports('../openai/provider.js')],
  ['libs/providers/src/adapters/brand-new/ok.ts', imports('../anthropic/provider.js')],
  ['libs/providers/src/adapters/ok.ts', imports('./brand-new/kind.js')],
  ['libs/providers/src/adapters/cohere/ok.ts', "export const sdk: unknown = loadSdk('cohere-ai', 'cohere');\n"],
  ['libs/providers/src/ok.ts', imports('./adapters/kinds.js')],
  ['test/support/ok.ts', readsEnvironment],
];

let findings: ReturnType<typeof lintFiles> = [];

beforeAll(() => {
  findings = lintFiles(Object.fromEntries([...FORBIDDEN, ...ALLOWED].map(([file, text]) => [file, text])));
});

const codesFor = (file: string): string[] =>
  findings.filter(({ filename }) => filename === file).map(({ code }) => code);

describe('the linter', () => {
  it.each(FORBIDDEN)('refuses %s', (file, _, code) => expect(codesFor(file)).toEqual([code]));
  it.each(ALLOWED)('accepts %s', (file) => expect(codesFor(file)).toEqual([]));
});
