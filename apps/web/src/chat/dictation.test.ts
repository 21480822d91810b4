import { beforeEach, expect, it, vi } from 'vitest';
import { RequestError } from '../protocol/request-error.js';
import { Dictation, MicrophoneError, type Record, type Recording } from './dictation.js';

const onText = vi.fn<(text: string) => void>();
const cancel = vi.fn<() => void>();
const transcribe = vi.fn<(audio: string, mimeType: string, signal: AbortSignal) => Promise<string>>();
let options: Parameters<Record>[0];
let audio: Blob;
let record: Record;

beforeEach(() => {
  vi.resetAllMocks();
  audio = new Blob(['speech'], { type: 'audio/webm;codecs=opus' });
  const recording: Recording = { level: () => 0, stop: async () => audio, cancel };
  record = async (given) => {
    options = given;
    return recording;
  };
  transcribe.mockResolvedValue(' Hello. ');
});

const dictate = async (): Promise<Dictation> => {
  const dictation = new Dictation({
    requests: { transcribe },
    record: (given) => record(given),
    maxRequestSize: () => 5_000,
  });
  await dictation.start(onText);
  return dictation;
};
const ignore = (): void => undefined;

function withResolvers() {
  let resolve = ignore;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const now = (dictation: Dictation) => dictation.store.latest.now;

it('sends what was recorded with its type, and gives the text', async () => {
  const dictation = await dictate();
  expect(now(dictation).type).toBe('recording');
  await dictation.stop();
  expect(transcribe).toHaveBeenCalledWith(btoa('speech'), 'audio/webm;codecs=opus', expect.anything());
  expect(onText).toHaveBeenCalledWith('Hello.');
  expect(now(dictation)).toEqual({ type: 'idle' });
});

it('fits into a request, also when it is long', async () => {
  audio = new Blob([new Uint8Array(100_000).map((_, index) => index)], { type: 'audio/mp4' });
  const dictation = await dictate();
  expect(options.maxBytes).toBe(3_000);
  options.onFull();
  await vi.waitFor(() => expect(onText).toHaveBeenCalled());
  expect(dictation.store.latest.wasFull).toBe(true);
  const [sent] = transcribe.mock.calls[0] ?? [];
  expect([...new Uint8Array(Buffer.from(sent ?? '', 'base64')).subarray(-3)]).toEqual([157, 158, 159]);
});

it.each([
  [new MicrophoneError('refused'), 'refused', ''],
  [new Error('?'), 'server', ''],
])('tells why nothing is recorded: %s', async (error, problem, message) => {
  record = async () => {
    throw error;
  };
  expect(now(await dictate())).toEqual({ type: 'failed', problem, message });
});

it('tells the server’s words, and that nothing was heard', async () => {
  transcribe.mockRejectedValueOnce(new RequestError(413, 'Too long.'));
  const dictation = await dictate();
  await dictation.stop();
  expect(now(dictation)).toEqual({ type: 'failed', problem: 'server', message: 'Too long.' });
  transcribe.mockResolvedValueOnce(' ');
  await dictation.start(onText);
  await dictation.stop();
  expect(now(dictation)).toEqual({ type: 'failed', problem: 'silent', message: '' });
  expect(onText).not.toHaveBeenCalled();
});

it('forgets what was said when it is cancelled, at any time', async () => {
  const dictation = await dictate();
  dictation.cancel();
  expect(cancel).toHaveBeenCalledTimes(1);
  await dictation.start(onText);
  const stopping = dictation.stop();
  dictation.cancel();
  await stopping;
  expect([now(dictation).type, onText.mock.calls]).toEqual(['idle', []]);

  const before = record;
  const { promise: allowed, resolve: allow } = withResolvers();
  record = async (given) => {
    await allowed;
    return before(given);
  };
  const asking = dictation.start(onText);
  expect(now(dictation).type).toBe('asking');
  dictation.cancel();
  allow();
  await asking;
  expect([now(dictation).type, cancel.mock.calls.length]).toEqual(['idle', 2]);
});
