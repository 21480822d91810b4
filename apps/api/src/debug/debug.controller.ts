import { Controller, Get, NotFoundException } from '@nestjs/common';
import { z } from 'zod';
import { type AuthContext, Database } from '#runtime';
import { listThreadIds } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { ApiConfig } from '../config.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const Items = z.array(z.object({ id: z.string(), type: z.string() }));
const ThreadIds = z.object({
  threads: z.array(z.object({ id: z.string(), items: Items })),
  duplicates: z.array(z.string()),
});

/** For developers, on single-user servers only: the ids of the newest threads and their items, and ids that occur twice. */
@Controller('debug')
export class DebugController {
  constructor(
    private readonly database: Database,
    private readonly config: ApiConfig,
  ) {}

  @Describes({ summary: 'Lists threads and items with duplicate ids flagged', answer: ThreadIds })
  @Get('threads')
  async threads(@Auth() auth: AuthContext): Promise<AnswerOf<typeof ThreadIds>> {
    if (!this.config.isSingleUser) throw new NotFoundException();
    return listThreadIds(this.database, auth);
  }
}
