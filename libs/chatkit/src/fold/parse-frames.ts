import type { ThreadStreamEvent } from '../protocol/event.js';

/**
 * The events of a run's log. Lenient: comment frames, `id:` lines and lines that are not events are skipped. Fields
 * are not checked, because a worker wrote them, and a newer worker may use fields that this version does not know.
 */
export function parseFrames(text: string): ThreadStreamEvent[] {
  return text
    .split('\n')
    .map(parseLine)
    .filter((event) => event !== undefined);
}

function parseLine(line: string): ThreadStreamEvent | undefined {
  if (!line.startsWith('data:')) return undefined;
  const value = parseJson(line.slice('data:'.length));
  return isEvent(value) ? value : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // a line cut short; the reader gets the rest of the log
  }
}

function isEvent(value: unknown): value is ThreadStreamEvent {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
