import type { Readable } from 'node:stream';

/** More than the headers of a part, and the few small fields that may precede it. */
const MAX_BEGINNING = 16 * 1024;

const DISPOSITION = /^content-disposition:(.*)$/gim;
const QUOTED = /"(?:\\.|[^"\\])*"/g;
const STARRED = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]*)/i;

/** Keeps the beginning of a form, which something else reads. `text`: what was kept, byte by byte */
export function keepBeginning(form: Readable): { readonly text: string; stop(): void } {
  let text = '';
  const keep = (chunk: Buffer): void => {
    if (text.length < MAX_BEGINNING) text += chunk.toString('latin1', 0, MAX_BEGINNING);
  };
  form.on('data', keep);
  return {
    get text() {
      return text;
    },
    stop: () => void form.off('data', keep),
  };
}

/**
 * The name of a form's first file, where it is in `filename*` (RFC 8187). Forms must not have it (RFC 7578, 4.2), several clients send it
 * all the same, and a parser of forms does not tell which of the two it has read: this one escapes every sign, the other only quotes and
 * line breaks.
 */
export function starredName(beginning: string): string | undefined {
  const headers = [...beginning.matchAll(DISPOSITION)].map(([, parameters = '']) =>
    parameters.replaceAll(QUOTED, '""'),
  );
  const [, escaped] = STARRED.exec(headers.find((one) => /;\s*filename\*?\s*=/i.test(one)) ?? '') ?? [];
  if (escaped === undefined) return undefined;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}
