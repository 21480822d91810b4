import type { Outgoing } from '../protocol/client.js';
import type { Attachment } from '../protocol/items/attachment.js';
import type { AttachmentLimits } from '../protocol/page-config.js';
import { RequestError } from '../protocol/request-error.js';
import type { KeptDraft } from './draft-memory.js';
import { type FileProblem, problemOf } from './file-limits.js';
import { Store } from './store.js';
import type { Uploads } from './uploads.js';

/** `sent`: the part that has left, from 0 to 1. `message`: the server's own words, if it has said any. */
export type FileState =
  | { readonly type: 'sending'; readonly sent: number }
  | { readonly type: 'ready'; readonly attachment: Attachment }
  | { readonly type: 'failed'; readonly status: number; readonly message: string };

/** A file that is attached to a message that is being written. */
export interface DraftFile {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  /** The media type, as the browser says it. */
  readonly type: string;
  /** The bytes; absent after a reload. */
  readonly file?: File | undefined;
  readonly state: FileState;
}

/** A file that was not attached. */
export interface RefusedFile {
  readonly key: number;
  readonly name: string;
  readonly problem: FileProblem;
}

export interface DraftState {
  readonly text: string;
  /** What the message is about: a part of an answer. */
  readonly quote?: string | undefined;
  /** The tool that was chosen for this message. */
  readonly tool?: string | undefined;
  readonly files: readonly DraftFile[];
  readonly refused: readonly RefusedFile[];
}

export interface DraftDeps {
  readonly uploads: Pick<Uploads, 'upload' | 'discard'>;
  /** Undefined: nothing can be attached. */
  readonly limits: () => AttachmentLimits | undefined;
  /** Tools that stay chosen when a message is sent. */
  readonly isPersistent: (tool: string) => boolean;
  /** After each change of what is kept. */
  readonly onChange: (draft: KeptDraft) => void;
}

let made = 0;
const nextKey = (): number => (made += 1);

/** A message that is being written: text, quote, files, tool. */
export class Draft {
  readonly store: Store<DraftState>;
  readonly #aborts = new Map<number, AbortController>();

  constructor(
    private readonly deps: DraftDeps,
    kept: KeptDraft = { text: '', files: [] },
  ) {
    this.store = new Store(opened(kept));
  }

  get isEmpty(): boolean {
    const { text, quote, files } = this.store.latest;
    return text.trim() === '' && !quote && files.length === 0;
  }

  /** What survives a reload: of the files, those that have arrived. */
  get kept(): KeptDraft {
    const { text, quote, tool, files } = this.store.latest;
    return { text, quote, tool, files: files.flatMap(keptFile) };
  }

  change(change: Partial<Pick<DraftState, 'text' | 'quote' | 'tool'>>): void {
    this.store.set(change);
    this.deps.onChange(this.kept);
  }

  /** Attaches files and sends them on their way; those that the server would refuse are named instead. */
  attach(files: readonly File[]): void {
    const limits = this.deps.limits();
    if (!limits) return;
    this.store.set({ refused: [] });
    for (const file of files) {
      const problem = problemOf(file, this.store.latest.files, limits);
      if (problem) this.refuse(file.name, problem);
      else void this.#attach(file);
    }
  }

  refuse(name: string, problem: FileProblem): void {
    this.store.set({ refused: [...this.store.latest.refused, { key: nextKey(), name, problem }] });
  }

  dismiss(key: number): void {
    this.store.set({ refused: this.store.latest.refused.filter((one) => one.key !== key) });
  }

  retry(key: number): void {
    const file = this.store.latest.files.find((one) => one.key === key);
    if (file?.file && file.state.type === 'failed') void this.#upload(key, file.file);
  }

  /** Takes a file off; what is on the server of it is deleted. */
  remove(key: number): void {
    this.#aborts.get(key)?.abort();
    const { files } = this.store.latest;
    const state = files.find((one) => one.key === key)?.state;
    if (state?.type === 'ready') this.deps.uploads.discard(state.attachment.id);
    this.store.set({ files: files.filter((one) => one.key !== key) });
    this.deps.onChange(this.kept);
  }

  /** The message, if it is complete. */
  message(): Outgoing | undefined {
    const { text, quote, tool, files } = this.store.latest;
    const attachments = files.flatMap(({ state, file, size }) =>
      state.type === 'ready' ? [{ ...state.attachment, size, file }] : [],
    );
    if (attachments.length < files.length || (text.trim() === '' && files.length === 0)) return undefined;
    return { text: text.trim(), quote, tool, attachments };
  }

  /** Empties it, since its message is being sent. */
  clear(): void {
    const { tool } = this.store.latest;
    const next = tool !== undefined && this.deps.isPersistent(tool) ? tool : undefined;
    this.store.set({ text: '', quote: undefined, tool: next, files: [], refused: [] });
  }

  /** The reverse of `clear`: what was not sent is here again. */
  restore(before: DraftState): void {
    this.store.set(before);
    this.deps.onChange(this.kept);
  }

  /** Throws away what was written, with the files. */
  discard(): void {
    for (const { key } of this.store.latest.files) this.remove(key);
    this.change({ text: '', quote: undefined, tool: undefined });
  }

  #attach(file: File): Promise<void> {
    const { name, size, type } = file;
    const key = nextKey();
    const state = { type: 'sending', sent: 0 } as const;
    this.store.set({ files: [...this.store.latest.files, { key, name, size, type, file, state }] });
    return this.#upload(key, file);
  }

  async #upload(key: number, file: File): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(key, abort);
    const onProgress = (sent: number): void => this.#set(key, { type: 'sending', sent });
    onProgress(0);
    try {
      const attachment = await this.deps.uploads.upload(file, { signal: abort.signal, onProgress });
      // Removed while the answer was on its way.
      if (abort.signal.aborted) this.deps.uploads.discard(attachment.id);
      else this.#set(key, { type: 'ready', attachment });
    } catch (error) {
      if (!abort.signal.aborted) this.#set(key, failed(error));
    } finally {
      this.#aborts.delete(key);
    }
    this.deps.onChange(this.kept);
  }

  #set(key: number, state: FileState): void {
    const { files } = this.store.latest;
    this.store.set({ files: files.map((one) => (one.key === key ? { ...one, state } : one)) });
  }
}

function opened({ text, quote, tool, files }: KeptDraft): DraftState {
  const attached = files.map(({ attachment, size, type }): DraftFile => {
    const state = { type: 'ready', attachment } as const;
    return { key: nextKey(), name: attachment.name, size, type, state };
  });
  return { text, quote, tool, files: attached, refused: [] };
}

const keptFile = ({ state, size, type }: DraftFile): KeptDraft['files'] =>
  state.type === 'ready' ? [{ attachment: state.attachment, size, type }] : [];

const failed = (error: unknown): FileState => ({
  type: 'failed',
  status: error instanceof RequestError ? error.status : -1,
  message: error instanceof RequestError && error.status !== 0 ? error.message : '',
});
