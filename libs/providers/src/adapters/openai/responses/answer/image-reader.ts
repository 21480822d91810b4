import { count, type Json, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';
import type { ImageBytes } from '../../../../spec/stream-part.js';
import type { ItemReader } from './item-reader.js';
import type { ResponseEventType } from '../wire.js';

const FORMATS = new Set(['png', 'jpeg', 'webp', 'gif']);

/** A picture of the `image_generation` tool, which runs at the provider's. */
export class ImageReader implements ItemReader {
  readonly #id: string;

  constructor(
    private readonly writer: PartWriter,
    callId: string,
  ) {
    this.#id = writer.start({ type: 'image-start', callId });
  }

  event(type: ResponseEventType, event: Json): void {
    const data = text(event['partial_image_b64']);
    if (type !== 'response.image_generation_call.partial_image' || !data) return;
    this.writer.imagePreview(this.#id, count(event['partial_image_index']) ?? 0, toImage(event, data));
  }

  done(item: Json): void {
    const data = text(item['result']);
    if (data) this.writer.imageEnd(this.#id, toImage(item, data));
    else this.writer.end(this.#id);
  }
}

/** The tool makes PNG by default. */
function toImage({ output_format: format }: Json, data: string): ImageBytes {
  return { mediaType: `image/${FORMATS.has(text(format)) ? text(format) : 'png'}`, data };
}
