import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#runtime';
import { keepBeginning, starredName } from './starred-name.js';

/** A file that is being uploaded. */
export interface Upload {
  readonly source: Readable;
  readonly name: string | undefined;
  readonly mimeType: string | undefined;
}

/** The file of a request: the part of a form, or the body as it is [AT-3]. Throws `AppError` `request.invalid`. */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  const file = request.isMultipart() ? await filePart(request) : rawBody(request);
  // A refused upload is aborted; errors of its stream after that can be ignored.
  file.source.on('error', () => undefined);
  return file;
}

async function filePart(request: FastifyRequest): Promise<Upload> {
  const reading = request.file();
  // Behind the parser, which is piped to by now, and before anything flows.
  const beginning = keepBeginning(request.raw);
  const part = await reading
    .catch((error: Error) => {
      throw new AppError('request.invalid', `The form cannot be read: ${error.message}`);
    })
    .finally(() => beginning.stop());
  if (!part) throw new AppError('request.invalid', 'The form must contain a file in its field "file".');
  const name = starredName(beginning.text) ?? unescaped(part.filename);
  return { source: part.file, name: withoutDirectories(name), mimeType: part.mimetype };
}

/** All that a form escapes in a name; a percent sign it leaves alone (WHATWG HTML, multipart/form-data encoding algorithm). */
const ESCAPED = { '%22': '"', '%0A': '\n', '%0D': '\r' } as const;
/** What some clients send before the name: directories of Unix or of Windows. A name on Unix may have backslashes of its own. */
const DIRECTORIES = /^.*\/|^(?:[a-z]:|\.{0,2})\\(?:.*\\)?/is;

/** A name as it was before it was written into a form. */
const unescaped = (sent: string | undefined): string | undefined =>
  sent?.replace(/%22|%0A|%0D/g, (code) => ESCAPED[code as keyof typeof ESCAPED]);

function withoutDirectories(given: string | undefined): string | undefined {
  const name = given?.replace(DIRECTORIES, '');
  return name === '.' || name === '..' ? undefined : name;
}

const rawBody = ({ raw, headers }: FastifyRequest): Upload => ({
  source: raw,
  name: undefined,
  mimeType: headers['content-type'],
});
