import { expect, it, vi } from 'vitest';
import { watchRuns } from './watch-runs.js';

const ERROR = 'data: {"type":"error","code":"stream.error","allow_retry":true}\n\n';
const OTHER = 'id: 1.2\ndata: {"type":"progress_update","text":"error"}\n\n';

const streamOf = (...parts: string[]): Response =>
  new Response(new Blob(parts).stream(), { headers: { 'chatkit-run-id': 'run_1' } });

it.each([
  [
    'fails',
    `${OTHER}${ERROR}`,
    [
      ['run_1', false],
      ['run_1', true],
    ],
  ],
  ['goes well', OTHER, [['run_1', false]]],
])('tells of a run that %s, and passes its stream on', async (_, text, told) => {
  const onRun = vi.fn<(runId: string, hasFailed: boolean) => void>();
  // Cut anywhere, as the network does.
  const watched = watchRuns(async () => streamOf(text.slice(0, 61), text.slice(61)), onRun);
  const response = await watched('/chatkit');
  expect(await response.text()).toBe(text);
  expect(response.headers.get('chatkit-run-id')).toBe('run_1');
  expect(onRun.mock.calls).toEqual(told);
});

it('leaves other answers alone, and a stream that the reader leaves', async () => {
  const plain = Response.json({});
  const onRun = vi.fn<(runId: string, hasFailed: boolean) => void>();
  expect(await watchRuns(async () => plain, onRun)('/config')).toBe(plain);
  const cancelled = vi.fn<() => void>();
  const endless = new Response(new ReadableStream({ cancel: cancelled }), { headers: { 'chatkit-run-id': 'run_1' } });
  const response = await watchRuns(async () => endless, onRun)('/chatkit');
  await response.body?.cancel();
  expect(cancelled).toHaveBeenCalled();
});
