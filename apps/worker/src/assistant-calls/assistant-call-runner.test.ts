import { expect, it } from 'vitest';
import { type AssistantDefinition, userText } from '#chatkit';
import { HookRefusal, type StreamPart } from '#providers';
import { scriptedModel } from '#providers/testing';
import type {
  AssistantCall,
  AttachmentFiles,
  CallStore,
  EventEngine,
  Logger,
  PrismaThreadStore,
  UsageStore,
} from '#runtime';
import { makeAssistant } from '../assistants/assistant.js';
import { Assistants } from '../assistants/assistants.js';
import type { AttachmentBudget } from '../context/attachment-budget.js';
import { AssistantContexts } from '../context/assistant-contexts.js';
import { Hooks } from '../hooks/hooks.js';
import type { TenantModels } from '../providers/tenant-models.js';
import { AssistantCallRunner } from './assistant-call-runner.js';

const answer: StreamPart[] = [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', text: 'Thanks' },
  { type: 'text-end', id: 't' },
  { type: 'finish', reason: { unified: 'stop', raw: 'stop' } },
];
const call = {
  callId: 'call_1',
  kind: 'feedback',
  tenantId: 'acme',
  ownerId: 'ada',
  assistantId: 'a',
  context: {},
  payload: { threadId: 'thr_1', itemIds: ['msg_1'], kind: 'positive' },
} as unknown as AssistantCall;

it('what an assistant’s callback asks a model for passes the operator’s hooks, in the name of its user', async () => {
  const model = scriptedModel(answer);
  const seen: unknown[] = [];
  const logger = { info: () => undefined, error: () => undefined, child: () => logger } as unknown as Logger;
  const definition: AssistantDefinition = {
    onFeedback: async (ctx) => void (await ctx.generate({ prompt: 'Card 1' })),
  };
  const hooks = new Hooks(
    {
      before({ prompt }, caller) {
        seen.push(prompt, caller);
        throw new HookRefusal('No cards.');
      },
    },
    logger,
  );
  const assistants = new Assistants([makeAssistant('a', definition)], 'a');
  const tenants = { of: async () => ({ resolve: () => model }) } as unknown as TenantModels;
  const contexts = new AssistantContexts({} as PrismaThreadStore, {} as AttachmentFiles, {} as AttachmentBudget);
  const usage = { add: async () => undefined } as unknown as UsageStore;
  const [calls, engine] = [{} as CallStore, {} as EventEngine];
  const runner = new AssistantCallRunner(calls, engine, assistants, contexts, tenants, hooks, usage, logger);
  await expect(runner.reply(call)).rejects.toThrow('No cards.');
  expect(seen).toEqual([[userText('Card 1')], { tenantId: 'acme', userId: 'ada' }]);
  expect(model.calls).toEqual([]);
});
