import type { ThreadStreamEvent } from '../protocol/event.js';

/**
 * The events of a run's log. Lenient: comment frames, `id:` lines and lines that are no event are skipped. Fields are
 * not checked, because a worker of this system wrote them and a newer one may know more than we do.
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
