import { parseJson } from './chatkit-call.js';

const DATA = 'data: ';

/** The id of a thread whose creation these frames begin with. */
export function createdThreadId(frames: Uint8Array): string | undefined {
  const [line = ''] = new TextDecoder().decode(frames).split('\n', 1);
  if (!line.startsWith(DATA)) return undefined;
  const event = parseJson(line.slice(DATA.length)) as { type?: unknown; thread?: { id?: unknown } } | undefined;
  const id = event?.type === 'thread.created' ? event.thread?.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
