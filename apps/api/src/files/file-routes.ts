import { fastifyMultipart } from '@fastify/multipart';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Attachment, REQUEST_LIMITS } from '#chatkit';
import { AttachmentFiles, type AuthContext } from '#runtime';
import { Attachments, type FileView, type LinkQuery, type LinkUse, withLinks } from '#runtime/api';
import { authOf } from '../auth/auth.decorator.js';
import { HttpErrorFilter } from '../errors/http-error.filter.js';
import { DownloadSlots } from '../slots/download-slots.js';
import { UploadSlots } from '../slots/upload-slots.js';
import { contentFacts, safeHeaders } from './download-headers.js';
import { isSigned } from '../auth/is-signed.js';
import { ApiConfig } from '../config.js';
import { FileAddresses } from './file-addresses.js';
import { readUpload, type Upload } from './read-upload.js';
import { untilSent } from './until-sent.js';

/** What a form adds to the file in it. */
const FORM_BYTES = 1024 * 1024;
/** Of a form: one file, and a few fields that nobody reads. */
const FORM_LIMITS = { files: 1, fields: 20, parts: 21, fieldNameSize: 256, fieldSize: 64 * 1024, headerPairs: 50 };
const UNKNOWN_TYPE = 'application/octet-stream';

const ADD = {
  summary: 'Stores a file, as a form with one file',
  body: 'bytes',
  answer: Attachment,
  isProtocol: true,
} as const;
const UPLOAD = {
  summary: 'Stores the bytes of a file that was announced',
  body: 'bytes',
  answer: Attachment,
  isProtocol: true,
} as const;
const DOWNLOAD = { summary: 'Loads a file', answer: 'bytes' } as const;
const PREVIEW = { summary: 'Loads the preview of a picture', answer: 'bytes' } as const;

interface ById {
  Params: { readonly id: string };
  Querystring: LinkQuery;
}

/**
 * Upload and download of attachments under `/files`. Routes of Fastify's rather than a Nest controller: their bodies are
 * streams, and the parser of content types, which reads a body as JSON everywhere else, can only be replaced for all
 * routes of a Fastify plugin. Nest's filter does not reach them, so they call it themselves.
 */
@Injectable()
export class FileRoutes {
  constructor(
    private readonly attachments: Attachments,
    private readonly files: AttachmentFiles,
    private readonly addresses: FileAddresses,
    private readonly errors: HttpErrorFilter,
    private readonly slots: UploadSlots,
    private readonly downloads: DownloadSlots,
    private readonly config: ApiConfig,
  ) {}

  register(fastify: FastifyInstance): void {
    fastify.register(
      async (files) => {
        files.setErrorHandler((error, request, reply) => this.errors.send(error, request, reply));
        files.removeAllContentTypeParsers();
        files.addContentTypeParser('*', (_request, _payload, done) => done(null));
        // One byte more than is allowed, so that a file that is too large is noticed.
        const limits = { ...FORM_LIMITS, fileSize: this.attachments.maxBytes + 1 };
        await files.register(fastifyMultipart, { limits, throwFileSizeLimit: false, preservePath: true });
        files.post('/', { config: { describes: ADD } }, (request) => this.add(request));
        const config = { access: 'link' as const };
        files.route<ById>({
          method: ['PUT', 'POST'],
          url: '/:id',
          config: { ...config, describes: UPLOAD },
          handler: (request) => this.upload(request),
        });
        files.get<ById>('/:id', { config: { ...config, describes: DOWNLOAD } }, (request, reply) =>
          this.download(request, reply, 'upload'),
        );
        files.get<ById>('/:id/preview', { config: { ...config, describes: PREVIEW } }, (request, reply) =>
          this.download(request, reply, 'preview'),
        );
      },
      { prefix: '/files' },
    );
  }

  private async add(request: FastifyRequest): Promise<Attachment> {
    const auth = authOf(request);
    return this.slots.within(auth, async () => {
      const { source, name, mimeType } = await this.accept(request);
      const attachment = await this.attachments.add(auth, { name: name ?? '', mimeType: mediaType(mimeType) }, source);
      return withLinks(attachment, this.addresses.linksFor(auth, request));
    });
  }

  private async upload(request: FastifyRequest<ById>): Promise<Attachment> {
    const auth = await this.callerOf('upload', request);
    return this.slots.within(auth, async () => {
      const { source } = await this.accept(request);
      const attachment = await this.attachments.upload(auth, request.params.id, source);
      return withLinks(attachment, this.addresses.linksFor(auth, request));
    });
  }

  /** The bytes, or the way to them in the object store. */
  private async download(request: FastifyRequest<ById>, reply: FastifyReply, view: FileView): Promise<FastifyReply> {
    const auth = await this.callerOf(view === 'upload' ? 'download' : 'preview', request);
    return this.downloads.within(auth, async () => {
      await this.send(auth, request, reply, view);
      await untilSent(reply.raw, this.config.requestLimits.stallMs);
      return reply;
    });
  }

  /** Begins to send. Does not return the reply, for which one would wait until it is sent. */
  private async send(
    auth: AuthContext,
    { params: { id }, query }: FastifyRequest<ById>,
    reply: FastifyReply,
    view: FileView,
  ): Promise<void> {
    void reply.headers(safeHeaders({ isSigned: isSigned(query) }));
    const { direct } = this.files;
    if (direct) {
      const attachment = await this.attachments.stored(auth, id);
      const url = await direct.downloadUrl(id, view, (made) => contentFacts(attachment, made));
      if (url !== undefined) return void reply.redirect(url, 302);
    }
    const { attachment, size, stream, mediaType: made } = await this.attachments.open(auth, id, view);
    const { contentType, contentDisposition } = contentFacts(attachment, made);
    const about = { 'content-type': contentType, 'content-disposition': contentDisposition };
    void reply.headers({ ...about, 'content-length': String(size) }).send(stream);
  }

  /** The owner of the file by a signed link, which needs no other credentials; else whoever asks. */
  private async callerOf(use: LinkUse, request: FastifyRequest<ById>): Promise<AuthContext> {
    const { params, query, id: requestId } = request;
    if (!isSigned(query)) return authOf(request);
    const tenantId = this.addresses.verify(use, params.id, query);
    const userId = await this.attachments.ownerOf(tenantId, params.id);
    return { tenantId, userId, roles: [], requestId };
  }

  private accept(request: FastifyRequest): Promise<Upload> {
    // Refused before it is read, if it announces its length.
    this.attachments.assertFits(Number(request.headers['content-length']) - FORM_BYTES);
    return readUpload(request);
  }
}

/** As the sender has written it; the database takes no NUL. */
const mediaType = (given: string | undefined): string =>
  (given ?? '').replaceAll('\0', '').slice(0, REQUEST_LIMITS['media.type'].max) || UNKNOWN_TYPE;
