import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CallQueue, type Logger, RunQueue } from '#runtime';
import { createIsAdmin } from './admin-token.js';
import { registerQueueBoard } from './queue-board.js';

/** What only the administrator may see. Without a token there is none, and its addresses are unknown ones. */
export function mountAdmin(app: NestFastifyApplication, adminToken: string | undefined, logger: Logger): void {
  if (adminToken === undefined) return;
  registerQueueBoard(app.getHttpAdapter().getInstance(), {
    // Every queue of the product stands in this list.
    queues: [app.get(RunQueue).queue, app.get(CallQueue).queue],
    isAdmin: createIsAdmin(adminToken),
    logger,
  });
}
