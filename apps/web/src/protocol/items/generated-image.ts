import { type Fields, fields, optionalNumber, text } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';

/** A picture that the model makes [IT-7]. */
export interface GeneratedImage extends ItemFields {
  readonly type: 'generated_image';
  /** The picture, or a preview while it is being made; undefined before the first one. */
  readonly image?: { readonly id: string; readonly url: string } | undefined;
  /** How much of it is made, from 0 to 1 [IM-2]. */
  readonly made?: number | undefined;
}

/** A preview [UP-10]. */
export interface ImageUpdate {
  readonly type: 'image';
  readonly image: GeneratedImage['image'];
  readonly made?: number | undefined;
}

export function readGeneratedImage(own: ItemFields, item: Fields): GeneratedImage {
  return { ...own, type: 'generated_image', image: readImage(item['image']) };
}

export function readImageUpdate(update: Fields): ImageUpdate | undefined {
  if (update['type'] !== 'generated_image.updated') return undefined;
  return { type: 'image', image: readImage(update['image']), made: optionalNumber(update['progress']) };
}

export const growImage = (item: GeneratedImage, { image, made }: ImageUpdate): GeneratedImage => ({
  ...item,
  image: image ?? item.image,
  made: made ?? item.made,
});

function readImage(value: unknown): GeneratedImage['image'] {
  const image = fields(value);
  return typeof image?.['url'] === 'string' ? { id: text(image['id']), url: image['url'] } : undefined;
}
