import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Attachments, type Logger } from '#runtime';
import { createAuthenticate } from '../auth/authenticate.js';
import type { ApiConfig } from '../config.js';
import { registerFileRoutes } from './file-routes.js';

/** The routes of files, behind the same authentication as all others. After CORS: it holds for what comes later. */
export function mountFiles(app: NestFastifyApplication, { auth, publicUrl }: ApiConfig, logger: Logger): void {
  registerFileRoutes(app.getHttpAdapter().getInstance(), {
    attachments: app.get(Attachments),
    authenticate: createAuthenticate(auth),
    publicUrl,
    logger,
  });
}
