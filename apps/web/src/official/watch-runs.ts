import { readEvent } from '../protocol/read-event.js';

type Fetch = typeof globalThis.fetch;

/** The header of a stream that names its run. */
const RUN_ID = 'chatkit-run-id';

/**
 * A `fetch` that tells of each run whose stream begins, and of those that fail: the component shows an error, but not the
 * run that an operator can look for.
 */
export function watchRuns(fetch: Fetch, onRun: (runId: string, hasFailed: boolean) => void): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const runId = response.headers.get(RUN_ID);
    if (!response.body || runId === null) return response;
    onRun(runId, false);
    return new Response(response.body.pipeThrough(lookingForError(() => onRun(runId, true))), response);
  };
}

/** Passes everything on as it comes, so that a stream that is left is left below as well. */
function lookingForError(onError: () => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const decoder = new TextDecoder();
  let rest = '';
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.some(isError)) onError();
    },
  });
}

const isError = (line: string): boolean =>
  line.startsWith('data:') && readEvent(line.slice('data:'.length))?.type === 'error';
