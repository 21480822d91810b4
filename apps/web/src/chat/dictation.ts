import type { ComposerRequests } from '../protocol/composer-requests.js';
import { RequestError } from '../protocol/request-error.js';
import { Store } from './store.js';

/** Why nothing is recorded: not allowed, no microphone, not over HTTPS, or something else. */
export type MicrophoneProblem = 'refused' | 'missing' | 'insecure' | 'broken';

export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';

  constructor(readonly problem: MicrophoneProblem) {
    super(problem);
  }
}

/** Speech that is being recorded. */
export interface Recording {
  /** How loud it is now, from 0 to 1. */
  level(): number;
  /** Ends it. The type has its codec, as in `audio/webm;codecs=opus`. */
  stop(): Promise<Blob>;
  /** Ends it, and forgets what was said. */
  cancel(): void;
}

/** Begins to record. Rejects with `MicrophoneError`. `onFull`: there are about as many bytes as may be sent. */
export type Record = (options: { readonly maxBytes: number; readonly onFull: () => void }) => Promise<Recording>;

export type DictationState =
  | { readonly type: 'idle' }
  | { readonly type: 'asking' }
  | { readonly type: 'recording'; readonly recording: Recording }
  | { readonly type: 'transcribing' }
  /** `message`: the server's own words, if it has said any. */
  | { readonly type: 'failed'; readonly problem: MicrophoneProblem | 'silent' | 'server'; readonly message: string };

export interface DictationDeps {
  readonly requests: Pick<ComposerRequests, 'transcribe'>;
  readonly record: Record;
  /** Of a request, in bytes. */
  readonly maxRequestSize: () => number;
}

/** What a request has besides the audio. */
const FRAME_BYTES = 1_000;

/** Speech to text, for the message that is being written. */
export class Dictation {
  /** `wasFull`: the recording has ended because it was as long as it may be. */
  readonly store = new Store<{ readonly now: DictationState; readonly wasFull: boolean }>({
    now: { type: 'idle' },
    wasFull: false,
  });
  #abort: AbortController | undefined;
  #onText: (text: string) => void = () => undefined;

  constructor(private readonly deps: DictationDeps) {}

  /** `onText` gets what was said, once it is over. */
  async start(onText: (text: string) => void): Promise<void> {
    this.cancel();
    this.#onText = onText;
    const { signal } = this.#begin();
    this.#set({ type: 'asking' });
    try {
      // Base64 has four characters for three bytes.
      const maxBytes = Math.floor(((this.deps.maxRequestSize() - FRAME_BYTES) * 3) / 4);
      const recording = await this.deps.record({ maxBytes, onFull: () => void this.stop(true) });
      // Canceled while the browser was asking.
      if (signal.aborted) recording.cancel();
      else this.#set({ type: 'recording', recording });
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** Ends the recording, and asks the server for its text. */
  async stop(wasFull = false): Promise<void> {
    const { now } = this.store.latest;
    if (now.type !== 'recording') return;
    const { signal } = this.#begin();
    this.#set({ type: 'transcribing' }, wasFull);
    try {
      const audio = await now.recording.stop();
      const text = (await this.deps.requests.transcribe(await base64Of(audio), audio.type, signal)).trim();
      if (!signal.aborted) this.#take(text, wasFull);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #take(text: string, wasFull: boolean): void {
    if (text === '') return this.#set({ type: 'failed', problem: 'silent', message: '' });
    this.#set({ type: 'idle' }, wasFull);
    return this.#onText(text);
  }

  /** Forgets what was said, and a failure. */
  cancel(): void {
    const { now } = this.store.latest;
    this.#abort?.abort();
    if (now.type === 'recording') now.recording.cancel();
    this.#set({ type: 'idle' });
  }

  #begin(): AbortController {
    this.#abort = new AbortController();
    return this.#abort;
  }

  #fail(error: unknown): void {
    const problem = error instanceof MicrophoneError ? error.problem : 'server';
    const message = error instanceof RequestError && error.status !== 0 ? error.message : '';
    this.#set({ type: 'failed', problem, message });
  }

  #set(now: DictationState, wasFull = false): void {
    this.store.set({ now, wasFull });
  }
}

/** A piece at a time: a call takes a limited number of arguments. The length is a multiple of three, so that the pieces join up. */
const PIECE = 0x6000;

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE))));
  }
  return pieces.join('');
}
