import { Redis } from 'ioredis';
import { USER_HEADER, type Relay } from '../../support/relay.js';
import { redisNames, storesOf } from '../../support/stores.js';

/** The header by which the fetch shim announces itself. */
export const SHIM = { 'chatkit-relay-client': 'test' };

export interface RunSummary {
  readonly id: string;
  readonly thread_id: string;
  readonly state: string;
  readonly trigger: string;
  readonly trigger_item_id?: string;
  readonly created_at: string;
  readonly settled_at?: string;
  readonly error?: { readonly code: string; readonly cause?: string };
}

interface CallOptions {
  readonly user?: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks a route behind `/chatkit`, as `ada` unless somebody else is named. */
export function call(base: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { user = 'ada', method = 'GET', headers, signal = null } = options;
  return fetch(`${base}/chatkit${path}`, { method, headers: { [USER_HEADER]: user, ...headers }, signal });
}

export async function cancelRun(base: string, runId: string, options: CallOptions = {}) {
  const response = await call(base, `/runs/${runId}/cancel`, { ...options, method: 'POST' });
  return (await response.json()) as { met: string; run: RunSummary };
}

/** What follows a cursor, or a snapshot and the tail without one, to the end of the body. */
export async function followRun(base: string, runId: string, cursor?: string): Promise<string> {
  const headers: Record<string, string> = cursor === undefined ? {} : { 'last-event-id': cursor };
  const response = await call(base, `/runs/${runId}/events`, { headers });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return response.text();
}

const MARK = /id: ([^\n]*)\n\n/g;

/** Marked frames as a client without the shim would get them. */
export const withoutMarks = (raw: string): string => raw.replaceAll(MARK, '').replaceAll(/^:\n\n/gm, '');

/** Each mark of a stream with what comes behind it. */
export function marksOf(raw: string): { readonly cursor: string; readonly rest: string }[] {
  return [...raw.matchAll(MARK)].map((mark) => ({
    cursor: mark[1] ?? '',
    rest: withoutMarks(raw.slice(mark.index + mark[0].length)),
  }));
}

/** As if the run had settled more than an hour ago. */
export async function dropLog(relay: Relay, runId: string): Promise<void> {
  const { databaseUrl, redis: settings } = storesOf(relay.variables);
  if (!settings) {
    await relay.query(`DELETE FROM run_log_entries WHERE run_id = $1`, [runId]);
    return;
  }
  const redis = new Redis(settings.url ?? '');
  await redis.del((await redisNames(databaseUrl)).log(runId));
  redis.disconnect();
}
