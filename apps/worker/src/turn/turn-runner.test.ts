import { expect, it } from 'vitest';
import type { RunHandler } from '../attempt/run-attempt.js';
import { processClock } from '../testing/process-clock.js';
import { TurnRunner } from './turn-runner.js';

/** A turn of a tenant whose models are loaded by `load`: what it did in which order, and why it failed. */
async function run(load: () => Promise<unknown>) {
  const steps: string[] = [];
  const claim = { runId: 'run_1', threadId: 'thr_1', tenantId: 'acme', ownerId: 'ada', assistantId: 'a', context: {} };
  const held = { claim: { ...claim, trigger: 'threads.create' }, signal: new AbortController().signal };
  const attempts = {
    begin: () => {
      steps.push('begin');
      return { run: held, writer: { write: () => undefined }, meter: {} };
    },
    prepareReaders: async () => undefined,
    run: async (_: unknown, handler: RunHandler) => {
      const failure = await handler.answer().catch((error: unknown) => error);
      steps.push(`failed: ${String(failure)}`);
    },
  };
  const of = (): Promise<unknown> => {
    steps.push('load');
    return load();
  };
  const rows = { query: async () => ({ rows: [], rowCount: 0 }) };
  const contexts = { filesOf: () => ({}), openForModel: () => undefined, create: () => ({}) };
  const parts = [attempts, { get: () => ({ id: 'a', historyItems: 1, hasCode: false, definition: {} }) }, { of }];
  const more = [
    { over: () => ({}) },
    {},
    { of: () => rows, clock: processClock },
    {},
    contexts,
    { start: () => undefined },
    {},
  ];
  const runner = Reflect.construct(TurnRunner, [...parts, ...more]) as TurnRunner;
  await runner.run(held.claim as unknown as Parameters<TurnRunner['run']>[0]);
  return steps;
}

it('fails, as a run that this worker holds, when a key of its tenant cannot be decrypted', async () => {
  const steps = await run(() => Promise.reject(new Error('the key cannot be decrypted')));
  expect(steps).toEqual(['begin', 'load', 'failed: Error: the key cannot be decrypted']);
});

it('waits, holding the run, until the keys of its tenant can be loaded', async () => {
  let tries = 0;
  const outage = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
  const steps = await run(() => Promise.reject(++tries === 1 ? outage : new Error('enough')));
  expect(steps).toEqual(['begin', 'load', 'load', 'failed: Error: enough']);
});
