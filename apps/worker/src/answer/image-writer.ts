import { type GeneratedImageItem, newId } from '#chatkit';
import type { StreamPart } from '#providers';
import type { ItemTimes } from '../output/item-times.js';
import type { EventSink } from '../output/turn-output.js';

type ImagePart = Extract<StreamPart, { type: `image-${string}` }>;

/** A picture that the model makes: a place for it, its previews, the picture [GF-13]. */
export class ImageWriter {
  private readonly open = new Map<string, { readonly item: GeneratedImageItem; readonly callId: string }>();
  /** Pictures that were announced and not withdrawn. */
  private readonly shown = new Set<string>();

  constructor(
    private readonly sink: EventSink,
    private readonly threadId: string,
    private readonly times: ItemTimes,
    private readonly previews: number,
  ) {}

  async accept(part: ImagePart): Promise<void> {
    if (part.type === 'image-start') return this.begin(part);
    const image = this.open.get(part.id);
    if (!image) return;
    const { item, callId } = image;
    if (part.type === 'image-failed') {
      this.open.delete(part.id);
      this.shown.delete(item.id);
      await this.sink.emit({ type: 'thread.item.removed', item_id: item.id });
      return;
    }
    const shown = { id: callId, url: `data:${part.mediaType};base64,${part.data}` };
    if (part.type === 'image-end') {
      this.open.delete(part.id);
      await this.sink.emit({ type: 'thread.item.done', item: { ...item, image: shown } });
      return;
    }
    const update = { type: 'generated_image.updated', image: shown, progress: this.progress(part.index) } as const;
    await this.sink.emit({ type: 'thread.item.updated', item_id: item.id, update });
  }

  /** Forgets all, and returns the ids of what was shown. */
  discard(): readonly string[] {
    const ids = [...this.shown];
    this.shown.clear();
    this.open.clear();
    return ids;
  }

  private async begin({ id, callId }: Extract<ImagePart, { type: 'image-start' }>): Promise<void> {
    const item: GeneratedImageItem = {
      type: 'generated_image',
      id: newId('message'),
      thread_id: this.threadId,
      created_at: this.times.next(),
    };
    this.open.set(id, { item, callId });
    this.shown.add(item.id);
    await this.sink.emit({ type: 'thread.item.added', item });
  }

  /** [IM-2] */
  private progress(index: number): number {
    return this.previews > 0 ? Math.min(1, index / this.previews) : 0;
  }
}
