// The client of the growth series, a process of its own.
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../messages.js';
import { spreadOf } from '../stats.js';
import { faultOf, type Load, post, runTurn } from '../turn.js';
import type { Call, CallsReport, GrowthOrder, OpenReport, WatchReport } from './messages.js';

type OpenOrder = Extract<GrowthOrder, { type: 'open' }>;

const agent = new Agent({ keepAlive: true });
let opened = 0;
let open = 0;
let latencies: number[] = [];
let faults: string[] = [];

async function callAll(target: Target, calls: readonly Call[]): Promise<CallsReport> {
  const times: number[] = [];
  const wrong: string[] = [];
  let bytes = 0;
  for (const call of calls) {
    const startedAt = performance.now();
    try {
      if (call.answer) times.push(await turn(target, call, call.answer));
      else {
        await post(agent, target.url, JSON.stringify(call.body), call.user, (piece) => (bytes += piece.length));
        times.push(performance.now() - startedAt);
      }
    } catch (error) {
      wrong.push((error as Error).message);
    }
  }
  return { calls: calls.length, ms: spreadOf(Float64Array.from(times)), bytes, faults: wrong };
}

async function turn(target: Target, call: Call, load: Load): Promise<number> {
  let ttft = Number.NaN;
  const ear = { onFirst: (ms: number) => (ttft = ms), onToken: () => undefined };
  const heard = await runTurn(agent, target, call.user, load, ear, call.body);
  const fault = faultOf(heard, load);
  if (fault) throw new Error(fault);
  return ttft;
}

/** Resolves when the stream has ended, which is a fault: it was to be held open. */
async function hold({ target, load }: OpenOrder, user: string, onFirst: (ms: number) => void): Promise<void> {
  let isOpen = false;
  const ear = {
    onFirst: (ms: number) => {
      isOpen = true;
      open++;
      onFirst(ms);
    },
    onToken: (ms: number) => latencies.push(ms),
  };
  const fault = await runTurn(agent, target, user, load, ear)
    .then((heard) => faultOf(heard, load))
    .catch((error: Error) => error.message);
  faults.push(fault ?? 'an answer ended while its stream was to be held open');
  if (isOpen) open--;
}

async function openMore(order: OpenOrder): Promise<OpenReport> {
  const ttfts: number[] = [];
  const before = faults.length;
  const stream = async (place: number): Promise<void> => {
    await sleep((place * order.staggerMs) / order.count);
    const user = `holder-${opened++}`;
    await new Promise<void>((resolve) => {
      void hold(order, user, (ms) => {
        ttfts.push(ms);
        resolve();
      }).then(resolve);
    });
  };
  await Promise.all(Array.from({ length: order.count }, (_, place) => stream(place)));
  return { ttftMs: spreadOf(Float64Array.from(ttfts)), faults: faults.slice(before) };
}

function watch(): WatchReport {
  const report = { open, tokens: latencies.length, deltaMs: spreadOf(Float64Array.from(latencies)), faults };
  latencies = [];
  faults = [];
  return report;
}

function answer(order: GrowthOrder): Promise<object> | object {
  if (order.type === 'calls') return callAll(order.target, order.calls);
  return order.type === 'open' ? openMore(order) : watch();
}

process.on('message', (order: GrowthOrder) => {
  void Promise.resolve(answer(order)).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());
process.send?.({ type: 'ready' });
