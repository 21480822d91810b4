import { object, text } from '../../../../http/json.js';
import type { PartWriter } from '../../../../parts/part-writer.js';

const DATA_URL = /^data:(image\/[\w.+-]+)(?:;[\w=.-]+)*;base64,/i;

/**
 * Pictures of a message, as data URLs (https://openrouter.ai/docs/features/multimodal/image-generation). One that is there twice is
 * written once. One that is only linked is shown as a link, since nothing is fetched from an address that a model names.
 */
export class ImageList {
  readonly #known = new Set<string>();

  constructor(
    private readonly writer: PartWriter,
    private readonly newCallId: () => string,
  ) {}

  /** Parts of type `image_url`. */
  add(images: readonly unknown[]): void {
    for (const image of images) {
      const named = object(image)?.['image_url'];
      const url = text(named) || text(object(named)?.['url']);
      if (url === '' || this.#known.has(url)) continue;
      this.#known.add(url);
      this.#write(url);
    }
  }

  #write(url: string): void {
    const [prefix, mediaType] = DATA_URL.exec(url) ?? [];
    if (prefix === undefined || mediaType === undefined) {
      if (/^https?:/i.test(url)) this.writer.text(`![](${url})`);
      return;
    }
    this.writer.close();
    const id = this.writer.start({ type: 'image-start', callId: this.newCallId() });
    this.writer.imageEnd(id, { mediaType: mediaType.toLowerCase(), data: url.slice(prefix.length) });
  }
}
