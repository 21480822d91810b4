import { z } from 'zod';
import { JsonObjectOrEmpty, orAbsent } from './json.js';

const shared = {
  title: z.string(),
  description: orAbsent(z.string()),
  timestamp: orAbsent(z.string()),
  group: orAbsent(z.string()),
};

/** A page on the web [AN-1]. */
export const UrlSource = z.object({
  type: z.literal('url'),
  ...shared,
  url: z.string(),
  attribution: orAbsent(z.string()),
});
export type UrlSource = z.output<typeof UrlSource>;

/** A file that the answer is based on [AN-1]. */
export const FileSource = z.object({ type: z.literal('file'), ...shared, filename: z.string() });
export type FileSource = z.output<typeof FileSource>;

/** Something that the page knows [AN-1]; the deprecated `preview` is dropped. */
export const EntitySource = z.object({
  type: z.literal('entity'),
  ...shared,
  id: z.string(),
  icon: orAbsent(z.string()),
  label: orAbsent(z.string()),
  inline_label: orAbsent(z.string()),
  interactive: z.boolean().default(false),
  data: JsonObjectOrEmpty,
});
export type EntitySource = z.output<typeof EntitySource>;

export const Source = z.discriminatedUnion('type', [UrlSource, FileSource, EntitySource]);
export type Source = z.output<typeof Source>;

/** A citation in a part's text [AN-1]; `index` is the character position of its mark. */
export const Annotation = z.object({
  type: z.literal('annotation').default('annotation'),
  source: Source,
  index: orAbsent(z.int()),
});
export type Annotation = z.output<typeof Annotation>;
