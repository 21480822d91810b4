import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { type AuthContext, PrismaThreadStore } from '#runtime';
import { FeedbackStore } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const Given = z.object({ data: z.array(z.object({ item_id: z.string(), kind: z.string() })) });

/** The caller's own feedback, which the protocol takes and has no request to read. */
@Controller('chatkit/threads')
export class FeedbackController {
  constructor(
    private readonly store: PrismaThreadStore,
    private readonly feedback: FeedbackStore,
  ) {}

  @Describes({ summary: 'The caller’s feedback on a thread', answer: Given })
  @Get(':id/feedback')
  async list(@Auth() auth: AuthContext, @Param('id') threadId: string): Promise<AnswerOf<typeof Given>> {
    await this.store.loadThread(auth, threadId);
    const given = await this.feedback.list(auth, threadId);
    return { data: given.map(({ itemId, kind }) => ({ item_id: itemId, kind })) };
  }
}
