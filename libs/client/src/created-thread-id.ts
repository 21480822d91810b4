import { parseJson } from './chatkit-request.js';

const DATA = 'data: ';

/** The thread's id, if these frames begin with its creation. */
export function createdThreadId(frames: Uint8Array): string | undefined {
  const [line = ''] = new TextDecoder().decode(frames).split('\n', 1);
  if (!line.startsWith(DATA)) return undefined;
  const event = parseJson(line.slice(DATA.length)) as { type?: unknown; thread?: { id?: unknown } } | undefined;
  const id = event?.type === 'thread.created' ? event.thread?.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
