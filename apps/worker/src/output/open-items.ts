import {
  applyEvent,
  emptyThread,
  type EventOf,
  type ItemOf,
  textDeltaEncoder,
  type ThreadItem,
  type ThreadState,
} from '#chatkit';

interface OpenText {
  readonly encode: (delta: string) => string;
  text: string;
}

/**
 * Items that were announced and are not finished. Streamed text is collected beside the fold, so that a token costs
 * one concatenation; everything else goes through the fold.
 */
export class OpenItems {
  private state: ThreadState = emptyThread;
  private readonly texts = new Map<string, OpenText[]>();

  has(itemId: string): boolean {
    return this.state.open.has(itemId);
  }

  begin(item: ThreadItem): void {
    this.state = applyEvent(this.state, { type: 'thread.item.added', item });
    this.texts.delete(item.id);
  }

  update(event: EventOf<'thread.item.updated'>): void {
    if (!this.has(event.item_id)) return;
    this.state = applyEvent(this.state, event);
    const { update } = event;
    // The part's text is now what the event says.
    if (
      update.type === 'assistant_message.content_part.done' ||
      update.type === 'assistant_message.content_part.added'
    ) {
      const text = this.texts.get(event.item_id)?.[update.content_index];
      if (text) text.text = '';
    }
  }

  end(itemId: string): void {
    if (this.has(itemId)) this.state = applyEvent(this.state, { type: 'thread.item.removed', item_id: itemId });
    this.texts.delete(itemId);
  }

  clear(): void {
    this.state = emptyThread;
    this.texts.clear();
  }

  /** Adds text to a part and returns the frame for it; undefined for an item that is not open. */
  appendText(itemId: string, contentIndex: number, delta: string): string | undefined {
    const known = this.texts.get(itemId)?.[contentIndex];
    if (known) {
      known.text += delta;
      return known.encode(delta);
    }
    if (!this.has(itemId)) return undefined;
    const texts = this.texts.get(itemId) ?? [];
    texts[contentIndex] = { encode: textDeltaEncoder(itemId, contentIndex), text: delta };
    this.texts.set(itemId, texts);
    return texts[contentIndex].encode(delta);
  }

  /** The unfinished items as far as they have come, in the order in which they were announced. */
  unfinished(): ThreadItem[] {
    return [...this.state.open.values()].map(({ item }) =>
      item.type === 'assistant_message' ? this.withText(item) : item,
    );
  }

  private withText(item: ItemOf<'assistant_message'>): ThreadItem {
    const texts = this.texts.get(item.id) ?? [];
    const length = Math.max(texts.length, item.content.length);
    const content = Array.from({ length }, (_, index) => {
      const part = item.content[index] ?? { type: 'output_text' as const, text: '', annotations: [] };
      return { ...part, text: part.text + (texts[index]?.text ?? '') };
    });
    return { ...item, content };
  }
}
