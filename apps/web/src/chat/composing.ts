import type { ChatClient } from '../protocol/client.js';
import { assistantOf, type Chat } from './chat.js';
import type { Conversation } from './conversation.js';
import { Dictation, type Record } from './dictation.js';
import type { DraftMemory } from './draft-memory.js';
import { Drafts } from './drafts.js';
import type { FileSizes } from './file-sizes.js';
import { Uploads } from './uploads.js';

export interface ComposingDeps {
  readonly client: ChatClient;
  readonly memory: DraftMemory;
  readonly sizes: FileSizes;
  readonly record: Record;
}

/** What a person is about to say: drafts, files on their way, dictation. */
export class Composing {
  readonly drafts: Drafts;
  readonly dictation: Dictation;
  readonly sizes: FileSizes;

  constructor(
    private readonly chat: Chat,
    { client, memory, sizes, record }: ComposingDeps,
  ) {
    const config = () => chat.store.latest.config;
    this.sizes = sizes;
    this.drafts = new Drafts(memory, {
      uploads: new Uploads(client, () => config()?.upload ?? { type: 'two_phase' }),
      limits: () => config()?.attachments,
      isPersistent: (id) => assistantOf(chat.store.latest)?.tools.find((tool) => tool.id === id)?.persistent === true,
    });
    this.dictation = new Dictation({ requests: client, record, maxRequestSize: () => config()?.maxRequestSize ?? 0 });
  }

  /** Sends what is written in the open conversation. */
  send(conversation: Conversation): void {
    this.drafts.send(conversation, (message) => {
      for (const { id, size } of message.attachments ?? []) this.sizes.set(id, size);
      this.chat.send(message);
    });
  }
}
