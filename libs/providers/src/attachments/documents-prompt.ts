import type { ModelDocument } from '../spec/prompt.js';

/** Retrieved texts as a block of the instructions, numbered so that the answer can cite them. */
export function documentsPrompt(documents: readonly ModelDocument[]): string {
  const texts = documents.map(
    ({ title, text }, index) =>
      `<Document number="${index + 1}"${title === undefined ? '' : ` title=${JSON.stringify(title)}`}>\n${text}\n</Document>`,
  );
  return [
    'Answer from these documents where they help. Cite a document by its number in brackets, like [1], right behind',
    `what you take from it.\n\n${texts.join('\n')}`,
  ].join(' ');
}
