import { type Fields, fields, listOf, optionalNumber, optionalText, text } from '../read-fields.js';

interface SourceFields {
  readonly title: string;
  readonly description?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly group?: string | undefined;
}

/** What a statement is based on [AN-1]. */
export type Source =
  | (SourceFields & { readonly type: 'url'; readonly url: string; readonly attribution?: string | undefined })
  | (SourceFields & { readonly type: 'file'; readonly filename: string })
  | (SourceFields & {
      readonly type: 'entity';
      readonly id: string;
      readonly icon?: string | undefined;
      readonly label?: string | undefined;
      readonly inline_label?: string | undefined;
      readonly interactive: boolean;
      readonly data: Fields;
    });

/** A citation in a text; `index` is the position of its mark, in characters. Without one it belongs to the whole. */
export interface Annotation {
  readonly source: Source;
  readonly index?: number | undefined;
}

/** Undefined for a source of an unknown type. */
function readSource(value: Fields): Source | undefined {
  const shared = {
    title: text(value['title']),
    description: optionalText(value['description']),
    timestamp: optionalText(value['timestamp']),
    group: optionalText(value['group']),
  };
  switch (value['type']) {
    case 'url':
      return { ...shared, type: 'url', url: text(value['url']), attribution: optionalText(value['attribution']) };
    case 'file':
      return { ...shared, type: 'file', filename: text(value['filename']) };
    case 'entity':
      return {
        ...shared,
        type: 'entity',
        id: text(value['id']),
        icon: optionalText(value['icon']),
        label: optionalText(value['label']),
        inline_label: optionalText(value['inline_label']),
        interactive: value['interactive'] === true,
        data: fields(value['data']) ?? {},
      };
    default:
      return undefined;
  }
}

export const readSources = (value: unknown): Source[] => listOf(value).flatMap((entry) => readSource(entry) ?? []);

export function readAnnotation(value: Fields | undefined): Annotation | undefined {
  const source = readSource(fields(value?.['source']) ?? {});
  return source && { source, index: optionalNumber(value?.['index']) };
}
