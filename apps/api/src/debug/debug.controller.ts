import { Controller, Get, NotFoundException } from '@nestjs/common';
import { type AuthContext, Database } from '#runtime';
import { listThreadIds, type ThreadIds } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { ApiConfig } from '../config.js';

/** For developers, on single-user servers only: the ids of the newest threads and their items, and ids that occur twice. */
@Controller('debug')
export class DebugController {
  constructor(
    private readonly database: Database,
    private readonly config: ApiConfig,
  ) {}

  @Get('threads')
  async threads(@Auth() auth: AuthContext): Promise<ThreadIds> {
    if (!this.config.isSingleUser) throw new NotFoundException();
    return listThreadIds(this.database, auth);
  }
}
