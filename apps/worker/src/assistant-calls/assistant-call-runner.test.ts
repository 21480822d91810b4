import { expect, it } from 'vitest';
import { type AssistantDefinition, userText } from '#chatkit';
import { HookRefusal, type ModelAttempt, type Registry, type StreamPart } from '#providers';
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
import { ProviderNames } from '../attempt/provider-names.js';
import type { WorkerSettings } from '../worker-settings.js';
import { AttachmentBudget } from '../context/attachment-budget.js';
import { AssistantContexts } from '../context/assistant-contexts.js';
import type { ModelMetrics } from '../metrics/model-metrics.js';
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

const silent = {
  info: () => undefined,
  error: () => undefined,
  isLevelEnabled: () => false,
  child: () => silent,
} as unknown as Logger;

interface Parts {
  readonly assistants: Assistants;
  readonly registry: Partial<Registry>;
  readonly usage: UsageStore;
  readonly hooks: Hooks;
}

function runnerOf({ assistants, registry, usage, hooks }: Parts): AssistantCallRunner {
  const tenants = { of: async () => registry } as unknown as TenantModels;
  const budget = new AttachmentBudget({ attachmentBytes: 1 } as WorkerSettings);
  const contexts = new AssistantContexts({} as PrismaThreadStore, {} as AttachmentFiles, budget, {} as EventEngine);
  const metrics = { attempt: () => undefined } as unknown as ModelMetrics;
  const names = new ProviderNames([]);
  const [calls, engine] = [{} as CallStore, {} as EventEngine];
  return new AssistantCallRunner(calls, engine, assistants, contexts, tenants, hooks, usage, metrics, names, silent);
}

it('what an assistant’s callback asks a model for passes the operator’s hooks, in the name of its user', async () => {
  const model = scriptedModel(answer);
  const seen: unknown[] = [];
  const definition: AssistantDefinition = {
    onFeedback: async (ctx) => void (await ctx.generate({ prompt: 'Card 1' })),
  };
  const hooks = new Hooks({
    before({ prompt }, caller) {
      seen.push(prompt, caller);
      throw new HookRefusal('No cards.');
    },
  });
  const assistants = new Assistants([makeAssistant('a', definition)], 'a');
  const usage = { add: async () => undefined } as unknown as UsageStore;
  const runner = runnerOf({ assistants, registry: { resolve: () => model }, usage, hooks });
  await expect(runner.reply(call)).rejects.toThrow('No cards.');
  expect(seen).toEqual([[userText('Card 1')], { threadId: 'thr_1', tenantId: 'acme', userId: 'ada' }]);
  expect(model.calls).toEqual([]);
});

it('speech that a model transcribes is booked before the call is answered', async () => {
  const events: unknown[] = [];
  const attempt = {
    ref: { provider: 'p', model: 'ears' },
    outcome: 'completed',
    usage: { inputTokens: 7 },
  } as ModelAttempt;
  const transcribe: Registry['transcribe'] = async (model, { mediaType }, _signal, watched) => {
    watched?.report?.(attempt);
    return `${model} ${mediaType}`;
  };
  const usage = {
    add: async (of: { runId: string }, [used]: { inputTokens: number }[]) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      events.push(of.runId, used?.inputTokens);
    },
  } as unknown as UsageStore;
  const assistants = new Assistants([makeAssistant('a', {})], 'a').withTranscription('p/ears');
  const runner = runnerOf({ assistants, registry: { transcribe }, usage, hooks: new Hooks(undefined) });
  const payload = { audioBase64: 'AAAA', mimeType: 'audio/webm;codecs=opus' };
  const reply = await runner.reply({ ...call, kind: 'transcribe', payload } as unknown as AssistantCall);
  expect(reply).toEqual({ text: 'p/ears audio/webm' });
  expect(events).toEqual(['call_1', 7]);
});
