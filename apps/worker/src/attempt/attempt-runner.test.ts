import { describe, expect, it } from 'vitest';
import type { DatabaseClock, EventEngine, Logger, UsageStore } from '#runtime';
import type { Claim, Outcome, RunExecution, RunPublisher } from '#runtime/worker';
import { ActiveRuns } from './active-runs.js';
import { AttemptRunner } from './attempt-runner.js';
import type { Ending, RunHandler } from './run-attempt.js';
import type { ModelMetrics } from '../metrics/model-metrics.js';
import type { RunMetrics } from '../metrics/run-metrics.js';
import type { WorkerSettings } from '../worker-settings.js';
import { runErrorOf } from './run-error-of.js';
import { ProviderNames } from './provider-names.js';
import type { StopReason } from './stop-reason.js';

const CLAIM = { runId: 'run_1', fence: 2, attempt: 2, threadId: 'thr_1', ranMs: 0, context: {} } as unknown as Claim;
const outage = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

const ending = (state: Outcome['state']): Ending => ({
  outcome: { state },
  items: [],
  framesWith: () => [{ frame: state, closedItemId: 'msg_1' }],
});

interface Given {
  /** What the answer does, before it ends. */
  readonly answer?: (signal: AbortSignal) => Promise<void>;
  readonly runMs?: number;
  readonly ranMs?: number;
  readonly stop?: StopReason;
  /** What each try to settle comes to. */
  readonly settling?: readonly (boolean | Error)[];
  readonly wasSettled?: boolean;
  readonly releases?: () => Promise<void>;
}

const log = (): undefined => undefined;

/** One attempt, and everything that it did, in order. */
async function attempted({
  answer = async () => undefined,
  runMs = 60_000,
  ranMs = 0,
  stop,
  settling = [true],
  wasSettled = false,
  releases = async () => undefined,
}: Given) {
  const steps: string[] = [];
  const errors: string[] = [];
  const counted: string[] = [];
  const tries = [...settling];
  const execution = {
    settle: async (_: Claim, { state }: Outcome) => {
      const result = tries.shift() ?? true;
      steps.push(`settle ${state}`);
      if (result instanceof Error) throw result;
      return result ? new Map() : undefined;
    },
    wasSettledAs: async () => wasSettled,
    handOver: async () => void steps.push('hand over'),
    releaseNext: async () => {
      steps.push('release');
      await releases();
    },
  } as unknown as RunExecution;
  const writer = {
    writeLast: (frame: string) => void steps.push(`write ${frame}`),
    itemClosed: (id: string) => void steps.push(`closed ${id}`),
    end: async () => void steps.push('last entry'),
  };
  const publisher = { open: () => writer, close: () => void steps.push('close') } as unknown as RunPublisher;
  const usage = { book: async () => void steps.push('book apart') } as unknown as UsageStore;
  const logger = {
    info: log,
    warn: log,
    error: log,
    isLevelEnabled: () => false,
    child: () => logger,
  } as unknown as Logger;
  const active = new ActiveRuns();
  const settings = { runMs } as WorkerSettings;
  const clock = { now: () => new Date() } as DatabaseClock;
  const measured = {
    settled: ({ state }: Pick<Outcome, 'state'>) => void counted.push(`settled ${state}`),
    lost: () => void counted.push('lost'),
  };
  const runMetrics = { begin: () => measured } as unknown as RunMetrics;
  const runner = new AttemptRunner(
    active,
    publisher,
    {} as EventEngine,
    execution,
    usage,
    settings,
    clock,
    runMetrics,
    {} as ModelMetrics,
    new ProviderNames([]),
    logger,
  );
  const attempt = runner.begin({ ...CLAIM, ranMs });
  const handler: RunHandler = {
    answer: async () => {
      await answer(attempt.run.signal);
      if (!stop) return;
      attempt.run.stop(stop);
      attempt.run.signal.throwIfAborted();
    },
    completed: () => ending('completed'),
    cancelled: () => ending('cancelled'),
    failed: (error) => {
      errors.push(runErrorOf(error).errorCode);
      return ending('failed');
    },
    afterCommit: async (state) => void steps.push(`after ${state}`),
  };
  await runner.run(attempt, handler);
  return { steps, errors, counted, isActive: active.get('run_1') !== undefined, isOver: attempt.run.isOver };
}

const settled = (state: string): string[] => [
  `settle ${state}`,
  `write ${state}`,
  'closed msg_1',
  'release',
  `after ${state}`,
  'last entry',
  'close',
];

const untilStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) =>
    signal.aborted
      ? reject(signal.reason as Error)
      : signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );

describe('an attempt at a run', () => {
  it('settles first, then shows the end, then closes the log', async () => {
    expect(await attempted({})).toMatchObject({ steps: settled('completed'), isActive: false });
  });

  it('fails with its answer, and is cancelled by a stop', async () => {
    expect((await attempted({ answer: () => Promise.reject(new Error('no')) })).steps).toEqual(settled('failed'));
    expect((await attempted({ stop: 'cancelled' })).steps).toEqual(settled('cancelled'));
  });

  it('that has lost its lease writes nothing, and books what it cost apart', async () => {
    expect(await attempted({ stop: 'lease_lost' })).toMatchObject({ steps: ['book apart', 'close'], isActive: false });
  });

  it('that meets a shutdown is handed over', async () => {
    expect((await attempted({ stop: 'shutdown' })).steps).toEqual(['hand over', 'book apart', 'close']);
  });

  it.each([
    ['its deadline', { runMs: 20 }],
    ['the deadline that earlier attempts have used up', { runMs: 50_000, ranMs: 60_000 }],
  ])('that meets %s fails with that, and its place is free', async (_, given) => {
    const { steps, errors, isActive, isOver } = await attempted({ ...given, answer: untilStopped });
    expect({ steps, errors, isActive, isOver }).toEqual({
      steps: settled('failed'),
      errors: ['run.deadline'],
      isActive: false,
      isOver: true,
    });
  });

  it('shows no end of a run that has moved on', async () => {
    expect((await attempted({ settling: [false] })).steps).toEqual(['settle completed', 'book apart', 'close']);
  });

  it('is settled when a try whose reply was lost had been committed', async () => {
    const { steps } = await attempted({ settling: [outage, false], wasSettled: true });
    expect(steps).toEqual(['settle completed', ...settled('completed')]);
  });

  it.each([
    [{}, 'settled completed'],
    [{ answer: () => Promise.reject(new Error('no')) }, 'settled failed'],
    [{ stop: 'cancelled' }, 'settled cancelled'],
    [{ stop: 'lease_lost' }, 'lost'],
    [{ settling: [false] }, 'lost'],
  ] satisfies [Given, string][])('with %j is counted once, as %s', async (given, as) => {
    expect((await attempted(given)).counted).toEqual([as]);
  });

  it('that is handed over is counted by who takes it over', async () => {
    expect((await attempted({ stop: 'shutdown' })).counted).toEqual([]);
  });

  it('that an administrator has ended is no lost lease, and leaves its run alone', async () => {
    const { steps, counted } = await attempted({ stop: 'released' });
    expect({ steps, counted }).toEqual({ steps: ['book apart', 'close'], counted: [] });
  });

  it('ends although the next run cannot be released', async () => {
    const { steps } = await attempted({ releases: () => Promise.reject(outage) });
    expect(steps).toEqual(settled('completed'));
  });
});
