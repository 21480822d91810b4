import { Body, Controller, Header, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ThreadStatus } from '#chatkit';
import { AppError, Database } from '#runtime';
import { setThreadStatus } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { parseBody } from '../http/parse-body.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const Status = z.strictObject({
  status: z.enum(['open', 'locked', 'closed']),
  /** For the user. */
  reason: z.string().min(1).max(1_000).optional(),
});

const Stored = z.object({ id: z.string(), status: ThreadStatus });

/** Conversations of everybody, without their content. */
@Controller('admin/api/threads')
export class AdminThreadsController {
  constructor(private readonly db: Database) {}

  /** Whether the composer takes messages; pages see it when they load the thread again [TH-2] [TH-6]. */
  @AccessFor('admin', 'thread.status')
  @Describes({ summary: 'Locks, closes or opens a conversation', body: Status, answer: Stored, isProtocol: true })
  @Post(':id/status')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async set(@Param('id') id: string, @Body() body: unknown): Promise<AnswerOf<typeof Stored>> {
    const { status, reason } = parseBody(Status, body);
    const stored: ThreadStatus = status === 'open' ? { type: 'active' } : { type: status, reason };
    if (await setThreadStatus(this.db.system, id, stored)) return { id, status: stored };
    throw new AppError('thread.not_found', `There is no thread ${id}.`);
  }
}
