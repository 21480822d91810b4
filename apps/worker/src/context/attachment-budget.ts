import { Injectable } from '@nestjs/common';
import { WorkerSettings } from '../worker-settings.js';

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

/**
 * How many bytes of attachments this process may hold at once. Who does not fit waits, the users by turns: however many files one
 * of them sends, another one is next. A turn without attachments never waits.
 */
@Injectable()
export class AttachmentBudget {
  private readonly most: number;
  private held = 0;
  /** In the order of their turns. */
  private readonly waiting = new Map<string, Waiting[]>();

  constructor({ attachmentBytes }: WorkerSettings) {
    this.most = attachmentBytes;
  }

  /** Bytes, and how many reservations wait. */
  get use() {
    const waiting = [...this.waiting.values()].reduce((sum, { length }) => sum + length, 0);
    return { held: this.held, most: this.most, waiting };
  }

  /** Resolves when the bytes may be held; the result gives them back. More than there are come alone. */
  async reserve(owner: string, wanted: number): Promise<() => void> {
    const bytes = Math.min(wanted, this.most);
    if (this.waiting.size === 0 && this.held + bytes <= this.most) this.held += bytes;
    else await this.turnOf(owner, bytes);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.held -= bytes;
      this.letIn();
    };
  }

  private turnOf(owner: string, bytes: number): Promise<void> {
    return new Promise((begin) => {
      const own = this.waiting.get(owner);
      if (own) own.push({ bytes, begin });
      else this.waiting.set(owner, [{ bytes, begin }]);
    });
  }

  /** The next one waits until it fits: smaller ones behind it would keep a large one out for ever. */
  private letIn(): void {
    for (const [owner, [next, ...rest]] of this.waiting) {
      if (!next || this.held + next.bytes > this.most) return;
      this.held += next.bytes;
      this.waiting.delete(owner);
      if (rest.length > 0) this.waiting.set(owner, rest);
      next.begin();
    }
  }
}
