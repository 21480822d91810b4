import type { PlayedAnswer, PlayedEvent } from '../protocol/replay/scenario.mjs';

/** An answer without what differs from run to run: ids, times, hosts, the cut of the deltas. */
export interface NormalAnswer {
  /** `events`, `json`, `refused` (any 4xx or 501), or what else happened. */
  readonly kind: string;
  readonly events: readonly unknown[];
  readonly json?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
/** Keys whose strings are ids that the server or the model made. */
const ID_KEYS = new Set(['id', 'thread_id', 'item_id', 'call_id', 'after', 'sender_id']);
const URL_KEYS = new Set(['preview_url', 'url']);
const LOCAL = /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?\//;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Normalises the answers of one scenario, in their order: an id becomes a number in order of its first appearance, so that
 * two servers agree when they use their ids in the same places.
 */
export function createNormaliser(): (answer: PlayedAnswer) => NormalAnswer {
  const numbers = new Map<string, number>();

  function idOf(value: string): string {
    const number = numbers.get(value) ?? numbers.size + 1;
    numbers.set(value, number);
    return `<id ${number}>`;
  }

  function normal(value: unknown, key: string): unknown {
    if (Array.isArray(value)) return value.map((one) => normal(one, key));
    if (isFields(value))
      return Object.fromEntries(
        Object.keys(value)
          .toSorted()
          .map((name) => [name, normal(value[name], name)]),
      );
    if (typeof value === 'string') {
      if (ID_KEYS.has(key)) return idOf(value);
      if (DATE_TIME.test(value)) return '<time>';
      if (URL_KEYS.has(key) && LOCAL.test(value)) return '<own url>';
    }
    return key === 'duration' && typeof value === 'number' ? '<seconds>' : value;
  }

  return (answer) => {
    const kind = kindOf(answer);
    const events = kind === 'events' ? withoutCuts(answer.events).map((event) => normal(event, '')) : [];
    return { kind, events, json: kind === 'json' ? normal(answer.json, '') : undefined };
  };
}

function kindOf({ status, contentType, failure, disconnected }: PlayedAnswer): string {
  if (failure !== undefined && !disconnected) return 'broken off';
  if (status === 200) return contentType.startsWith('text/event-stream') ? 'events' : 'json';
  return (status >= 400 && status < 500) || status === 501 ? 'refused' : `status ${status}`;
}

/** Joins deltas that follow each other: how a text is cut is the server's choice [UP-2]. */
function withoutCuts(events: readonly PlayedEvent[]): PlayedEvent[] {
  const joined: PlayedEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    const both = last && joinedDelta(last, event);
    if (both) joined.splice(-1, 1, both);
    else joined.push(event);
  }
  return joined;
}

function joinedDelta(one: PlayedEvent, next: PlayedEvent): PlayedEvent | undefined {
  const [a, b] = [deltaOf(one), deltaOf(next)];
  const isSame = a && b && one['item_id'] === next['item_id'] && a['content_index'] === b['content_index'];
  return isSame ? { ...one, update: { ...a, delta: `${String(a['delta'])}${String(b['delta'])}` } } : undefined;
}

function deltaOf({ update }: PlayedEvent): Fields | undefined {
  return isFields(update) && String(update['type']).endsWith('.text_delta') ? update : undefined;
}
