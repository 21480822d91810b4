import { expect, it } from 'vitest';
import type { ThreadItem, TurnContext } from '#chatkit';
import { aUserMessage } from '#chatkit/testing';
import { createRegistry, type LanguageModel, type ModelCall, type Provider, type StreamPart } from '#providers';
import { StepLog } from '../attempt/step-log.js';
import { processClock } from '../testing/process-clock.js';
import { TurnEnd } from '../context/turn-end.js';
import { TURN_BOUNDS } from '../output/turn-bounds.js';
import { recordedOutput, summarized } from '../testing/recorded-output.js';
import { runAnswer } from './run-answer.js';
import { TooManyModelCallsError } from './too-many-model-calls-error.js';
import { UsageMeter } from '../attempt/usage-meter.js';

const says = (text: string, unified: 'stop' | 'pause' = 'stop'): StreamPart[] => [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', text },
  { type: 'text-end', id: 't' },
  { type: 'finish', reason: { unified, raw: null }, usage: { inputTokens: 10, outputTokens: 1 } },
];

/** A model that gives one of these answers to each call, and records the calls. */
function talking(...answers: readonly (readonly StreamPart[])[]): LanguageModel & { readonly calls: ModelCall[] } {
  const calls: ModelCall[] = [];
  return {
    ref: { provider: 'p', model: 'm' },
    capabilities: new Set(['chat']),
    calls,
    async *stream(call) {
      calls.push(call);
      yield* answers[Math.min(calls.length, answers.length) - 1] ?? [];
    },
  };
}

async function answer(model: LanguageModel, maxTurns?: number, hasShown = false, items: readonly ThreadItem[] = []) {
  const { output, events, stored } = recordedOutput();
  /** How many messages were stored when the model was called. */
  const storedBefore: number[] = [];
  const { signal } = new AbortController();
  const meter = new UsageMeter();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const notices: unknown[] = [];
  const notice = async (one: unknown) => void notices.push(one);
  const ctx = { thread: { id: 'thr_1' }, choice: {}, signal, log, notice } as unknown as TurnContext;
  const watched: LanguageModel = {
    ...model,
    stream(call, until) {
      storedBefore.push(stored.length);
      return model.stream(call, until);
    },
  };
  const policies = { contextWindows: { m: model.contextWindow } };
  const provider = { id: 'p', name: 'P', defaultModel: 'm', model: () => watched, policies } as unknown as Provider;
  const registry = createRegistry([provider]);
  const caller = { tenantId: 'acme', userId: 'ada', runId: 'run_1', threadId: 'thr_1' };
  const failure = await runAnswer(
    {
      ctx,
      caller,
      meter,
      steps: new StepLog(processClock),
      signal,
      assistant: { maxTurns },
      input: { userMessage: undefined, items },
      resolveModel: () => registry.resolve(),
      workflow: output.workflow,
      times: output.times,
      end: new TurnEnd(),
      finishedItems: () => [],
      hasShown: () => hasShown,
      beginUnsafe: async () => undefined,
      openForModel: async () => (_id, _bytes, use) => use('deleted'),
    },
    output,
  ).catch((error: unknown) => error);
  const held = await output.finish();
  return { failure, meter, caller, storedBefore, story: summarized([...events(), ...(held ? [held] : [])]), notices };
}

it('continues where the provider has paused, with the answer so far, which is stored by then', async () => {
  const model = talking(says('I have looked', 'pause'), says('and found it.'));
  const { failure, story, meter, storedBefore } = await answer(model);
  expect(failure).toBeUndefined();
  expect(model.calls.map(({ prompt }) => prompt)).toEqual([
    [],
    [{ role: 'assistant', content: [{ type: 'text', text: 'I have looked' }] }],
  ]);
  expect(story.filter((line) => line.startsWith('done'))).toEqual(['done assistant_message', 'done assistant_message']);
  expect(storedBefore).toEqual([0, 1]);
  expect(meter.close().usage).toEqual({ inputTokens: 20, outputTokens: 2 });
});

it('continues where the provider has paused without text', async () => {
  const model = talking(says('', 'pause').slice(-1), says('Here it is.'));
  expect((await answer(model)).failure).toBeUndefined();
  expect(model.calls.map(({ prompt }) => prompt)).toEqual([[], []]);
});

it('refuses an empty answer, unless the turn has shown something before', async () => {
  const thought: StreamPart[] = [
    { type: 'reasoning-start', id: 'r' },
    { type: 'reasoning-end', id: 'r' },
    { type: 'finish', reason: { unified: 'length', raw: 'max_tokens' } },
  ];
  const { failure } = await answer(talking(thought));
  expect(failure).toMatchObject({
    code: 'empty_response',
    detail: 'the model finished (max_tokens) without any text',
  });
  expect((await answer(talking(thought), undefined, true)).failure).toBeUndefined();
});

it('does not continue for ever', async () => {
  const model = talking(says('still at it', 'pause'));
  expect((await answer(model, 3)).failure).toBeInstanceOf(TooManyModelCallsError);
  expect(model.calls).toHaveLength(3);
});

it('names the caller with each call', async () => {
  const model = talking(says('hi'));
  const { caller } = await answer(model);
  expect(model.calls[0]?.caller).toEqual(caller);
});

it('never asks with a quote alone where the question does not fit beside it', async () => {
  const model = { ...talking(says('A wall.')), contextWindow: 120 };
  const content = [{ type: 'input_text' as const, text: 'word '.repeat(60) }];
  const quoting = aUserMessage({ content, quoted_text: 'word '.repeat(50) });
  expect((await answer(model, undefined, false, [quoting])).failure).toMatchObject({ code: 'context_too_long' });
  expect(model.calls).toEqual([]);
  expect((await answer(model, undefined, false, [aUserMessage({ content })])).failure).toBeUndefined();
});

it('says once that it has more sources than are kept', async () => {
  const cited: StreamPart = { type: 'source', source: { type: 'url', url: 'https://a.example/' } };
  const many = Array.from({ length: TURN_BOUNDS.annotations + 2 }, () => cited);
  const [begin, ...rest] = says('So it is.', 'pause') as [StreamPart, ...StreamPart[]];
  const { notices } = await answer(talking([begin, ...many, ...rest], [begin, ...many, ...says('Yes.').slice(1)]));
  expect(notices).toEqual([{ level: 'warning', message: 'Only the first 500 sources of the answer are kept.' }]);
  expect((await answer(talking([begin, ...many.slice(2), ...says('Yes.').slice(1)]))).notices).toEqual([]);
});
