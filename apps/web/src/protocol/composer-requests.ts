import { type Attachment, readAttachments } from './items/attachment.js';
import { readPageConfig, type PageConfig } from './page-config.js';
import { type Fields, fields, oneOf, optionalText, text } from './read-fields.js';
import { RequestError } from './request-error.js';
import { type SendFile, type SendOptions, type SentFile, type UploadTarget } from './send-file.js';

/** In a browser: not from its cache. The types of Node's `fetch` do not have it. */
const FRESH = { cache: 'no-store' } as RequestInit;

export interface AnnouncedFile {
  readonly attachment: Attachment;
  readonly target: UploadTarget;
}

/** The requests of a composer besides the message itself. All reject with `RequestError`. */
export interface ComposerRequests {
  config(): Promise<PageConfig>;
  /** As the server has it now, not as the browser remembers it. */
  configNow(): Promise<PageConfig>;
  /** First of two phases: says where the bytes of a file are to be sent [AT-1]. */
  announceFile(file: File, signal: AbortSignal): Promise<AnnouncedFile>;
  /** Second phase [AT-3]. Resolves to the attachment as the server has found it to be, if it is the server that answers. */
  sendFile(target: UploadTarget, file: File, options: SendOptions): Promise<Attachment | undefined>;
  deleteAttachment(id: string): Promise<void>;
  /** Speech to text [RQ-25]. `mimeType` with its codec, as in `audio/webm;codecs=opus`. */
  transcribe(audioBase64: string, mimeType: string, signal: AbortSignal): Promise<string>;
}

interface Transport {
  /** A request of the protocol that is answered with JSON. */
  readonly post: (type: string, params: object, signal?: AbortSignal) => Promise<unknown>;
  readonly get: (path: string, options?: RequestInit) => Promise<unknown>;
  readonly send: SendFile;
}

export function composerRequests({ post, get, send }: Transport): ComposerRequests {
  return {
    config: async () => readPageConfig(await get('/config')),
    configNow: async () => readPageConfig(await get('/config', FRESH)),
    async announceFile({ name, size, type }, signal) {
      const facts = { name, size, mime_type: type || 'application/octet-stream' };
      const answer = fields(await post('attachments.create', facts, signal)) ?? {};
      const [attachment] = readAttachments([answer]);
      const target = targetOf(fields(answer['upload_descriptor']));
      if (!attachment || !target) throw new RequestError(501, '');
      return { attachment, target };
    },
    sendFile: async (target, file, options) => attachmentIn(await send(target, file, options)),
    async deleteAttachment(id) {
      await post('attachments.delete', { attachment_id: id });
    },
    async transcribe(audioBase64, mimeType, signal) {
      const answer = await post('input.transcribe', { audio_base64: audioBase64, mime_type: mimeType }, signal);
      return text(fields(answer)?.['text']);
    },
  };
}

function targetOf(descriptor: Fields | undefined): UploadTarget | undefined {
  const url = optionalText(descriptor?.['url']);
  if (!url) return undefined;
  const headers = Object.entries(fields(descriptor?.['headers']) ?? {}).map(([name, value]) => [name, text(value)]);
  return { url, method: oneOf(descriptor?.['method'], ['PUT', 'POST']), headers: Object.fromEntries(headers) };
}

function attachmentIn({ status, body }: SentFile): Attachment | undefined {
  const answer = fields(body) ?? {};
  if (status < 200 || status > 299) throw new RequestError(status, text(fields(answer['error'])?.['message']));
  return typeof answer['id'] === 'string' ? readAttachments([answer])[0] : undefined;
}
