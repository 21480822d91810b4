import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { declareAccess } from '../auth/authentication.js';
import { FILE_HEADERS, PAGES } from './page-headers.js';

/** `dist/web`, relative to this file in `dist/apps/api/src/web`. */
const BUILT_PAGES = fileURLToPath(new URL('../../../../web/', import.meta.url));

/** The hosts besides this one that attachments are sent to and come from. */
type LoadOrigins = () => Promise<readonly string[]>;

const NO_OTHERS: LoadOrigins = async () => [];

/**
 * Serves the built pages and their files without authentication; the API that they call requires it. Each built file has
 * a route of its own, so that the path of a request never becomes a path on disk. Without a build nothing is served.
 */
export function servePages(fastify: FastifyInstance, fileOrigins = NO_OTHERS, folder = BUILT_PAGES): void {
  if (!existsSync(join(folder, 'index.html'))) return;
  void fastify.register(async (pages) => {
    declareAccess(pages, 'public');
    await pages.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      globIgnore: ['*.html', '**/*.{br,gz}'],
      preCompressed: true,
      // Names hold a hash of the content.
      immutable: true,
      maxAge: '365d',
      setHeaders: (reply) => void reply.headers(FILE_HEADERS),
    });
    for (const { path, file, headers } of PAGES) {
      pages.get(path, async (_request, reply) =>
        reply.headers(headers(await fileOrigins())).sendFile(file, { cacheControl: false }),
      );
    }
  });
}
