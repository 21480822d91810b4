import { fastifyMultipart } from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Attachment } from '#chatkit';
import type { Attachments, AuthContext, Logger } from '#runtime';
import type { Authenticate } from '../auth/authenticate.js';
import { sendError } from '../errors/http-error.filter.js';
import { downloadHeaders } from './download-headers.js';
import { fileUrls } from './file-url.js';
import { type Uploaded, uploaded } from './uploaded.js';

export interface FileRoutesOptions {
  readonly attachments: Attachments;
  readonly authenticate: Authenticate;
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
}

/** What a form adds to the file in it. */
const FORM_BYTES = 1024 * 1024;
const MAX_NAME = 255;
const UNKNOWN_TYPE = 'application/octet-stream';

/** What the sender says of a file, for a person to read and never for a disk; the database takes no NUL. */
const said = (given: string | undefined, otherwise: string): string =>
  (given ?? '').replaceAll('\0', '').slice(0, MAX_NAME) || otherwise;

/**
 * Upload and download of attachments under `/files`. Fastify's own routes rather than a controller of Nest's: their
 * bodies are streams, and everywhere else a body is JSON.
 */
export function registerFileRoutes(fastify: FastifyInstance, options: FileRoutesOptions): void {
  const { attachments, authenticate, publicUrl, logger } = options;
  const authOf = (request: FastifyRequest): AuthContext => ({
    ...authenticate({ headers: request.headers, peer: request.socket.remoteAddress ?? '' }),
    requestId: request.id,
  });
  const accept = (request: FastifyRequest): Promise<Uploaded> => {
    // Refused before it is read, where it says how long it is.
    attachments.assertFits(Number(request.headers['content-length']) - FORM_BYTES);
    return uploaded(request);
  };

  const add = async (request: FastifyRequest): Promise<Attachment> => {
    const auth = authOf(request);
    const { source, name, mimeType } = await accept(request);
    const facts = { name: said(name, 'file'), mimeType: said(mimeType, UNKNOWN_TYPE) };
    return attachments.add(auth, facts, source, fileUrls(publicUrl, request));
  };
  const upload = async (request: FastifyRequest<ById>): Promise<Attachment> => {
    const auth = authOf(request);
    const { source } = await accept(request);
    return attachments.upload(auth, request.params.id, source);
  };
  const download = async (request: FastifyRequest<ById>, reply: FastifyReply): Promise<FastifyReply> => {
    const { attachment, size, stream } = await attachments.open(authOf(request), request.params.id);
    return reply.headers(downloadHeaders(attachment, size)).send(stream);
  };

  fastify.register(
    async (files) => {
      files.setErrorHandler((error, request, reply) => sendError(logger, error, request, reply));
      files.removeAllContentTypeParsers();
      files.addContentTypeParser('*', (_request, _payload, done) => done(null));
      // One byte more than is allowed: whoever reads it sees that there is too much.
      const limits = { fileSize: attachments.maxBytes + 1, files: 1 };
      await files.register(fastifyMultipart, { limits, throwFileSizeLimit: false });
      files.route({ method: 'POST', url: '/', handler: add });
      files.route<ById>({ method: ['PUT', 'POST'], url: '/:id', handler: upload });
      files.route<ById>({ method: 'GET', url: '/:id', handler: download });
    },
    { prefix: '/files' },
  );
}

interface ById {
  Params: { readonly id: string };
}
