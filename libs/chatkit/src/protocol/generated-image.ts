import { z } from 'zod';
import { itemFields } from './item-fields.js';
import { orAbsent } from './json.js';

/** A picture; `id` is the model's name for the call that makes it, the same for all its previews [IM-1]. */
export const GeneratedImage = z.object({ id: z.string(), url: z.string() });
export type GeneratedImage = z.output<typeof GeneratedImage>;

/** A picture that the model made [IT-7]; without `image` while it is being made. */
export const GeneratedImageItem = z.object({
  type: z.literal('generated_image'),
  ...itemFields,
  image: orAbsent(GeneratedImage),
});
export type GeneratedImageItem = z.output<typeof GeneratedImageItem>;

/** A preview; `progress` is 0 to 1 [UP-10] [IM-2]. */
export const GeneratedImageUpdate = z.object({
  type: z.literal('generated_image.updated'),
  image: GeneratedImage,
  progress: orAbsent(z.number().min(0).max(1)),
});
export type GeneratedImageUpdate = z.output<typeof GeneratedImageUpdate>;
