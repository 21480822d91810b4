import type { Attachment } from '../protocol/items/attachment.js';
import type { Area } from './browser-storage.js';

const KEY = 'chatkit-drafts';
/** The oldest are forgotten. */
const MAX_DRAFTS = 30;
/** The server deletes an attachment that was not sent within a day. */
const FILES_KEPT_MS = 22 * 60 * 60 * 1_000;

export interface KeptFile {
  readonly attachment: Attachment;
  readonly size: number;
  readonly type: string;
}

/** What of a draft survives a reload. */
export interface KeptDraft {
  readonly text: string;
  readonly quote?: string | undefined;
  readonly tool?: string | undefined;
  readonly files: readonly KeptFile[];
}

interface DatedDraft extends KeptDraft {
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
}

type Records = { readonly [conversation: string]: DatedDraft };

const isEmpty = ({ text, quote, files }: KeptDraft): boolean => text === '' && !quote && files.length === 0;

/** The drafts of all conversations, in the browser. If it refuses to store them, the page works without. */
export class DraftMemory {
  constructor(
    private readonly area: Area,
    private readonly now = Date.now,
  ) {}

  get(conversation: string): KeptDraft | undefined {
    const record = this.#read()[conversation];
    if (typeof record?.text !== 'string' || !Array.isArray(record.files)) return undefined;
    return record.at + FILES_KEPT_MS > this.now() ? record : { ...record, files: [] };
  }

  set(conversation: string, draft: KeptDraft): void {
    const { [conversation]: _before, ...others } = this.#read();
    const kept = isEmpty(draft) ? others : { ...others, [conversation]: { ...draft, at: this.now() } };
    this.#write(kept);
  }

  /** Other tabs write, too. */
  #read(): Records {
    try {
      const read: unknown = JSON.parse(this.area.getItem(KEY) ?? '{}');
      return typeof read === 'object' && read !== null ? (read as Records) : {};
    } catch {
      return {};
    }
  }

  #write(records: Records): void {
    const newest = Object.entries(records)
      .toSorted(([, a], [, b]) => b.at - a.at)
      .slice(0, MAX_DRAFTS);
    try {
      if (newest.length === 0) this.area.removeItem(KEY);
      else this.area.setItem(KEY, JSON.stringify(Object.fromEntries(newest)));
    } catch {
      // Full or forbidden: see above.
    }
  }
}
