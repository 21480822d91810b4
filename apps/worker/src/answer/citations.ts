import type { Annotation } from '#chatkit';
import type { ModelDocument, Source } from '#providers';

/** A citation as the provider gave it [AN-2]. */
export function toAnnotation(source: Source): Annotation {
  if (source.type === 'file') {
    const { filename, index } = source;
    return { type: 'annotation', source: { type: 'file', title: filename, filename }, index };
  }
  const { url, title, endIndex } = source;
  return { type: 'annotation', source: { type: 'url', title: title ?? url, url }, index: endIndex };
}

/** Every `[n]` in a text that names one of the retrieved documents; the mark stays in the text. */
export function citationsIn(text: string, documents: readonly ModelDocument[]): Annotation[] {
  if (documents.length === 0) return [];
  return [...text.matchAll(/\[(\d{1,3})\]/g)].flatMap((mark) => {
    const document = documents[Number(mark[1]) - 1];
    return document
      ? [
          {
            type: 'annotation' as const,
            source: sourceOf(document, Number(mark[1])),
            index: mark.index + mark[0].length,
          },
        ]
      : [];
  });
}

function sourceOf({ title, url }: ModelDocument, number: number): Annotation['source'] {
  const name = title ?? url ?? `Document ${number}`;
  return url === undefined ? { type: 'file', title: name, filename: name } : { type: 'url', title: name, url };
}
