import { Controller, Get, NotFoundException } from '@nestjs/common';
import { type AuthContext, Database, listThreadIds, type ThreadIds } from '#runtime';
import { Auth } from '../auth/auth.decorator.js';
import { ApiSettings } from '../api-settings.js';

/** For a server whose only user is its developer: shows that no two items share an id (row P3). */
@Controller('debug')
export class DebugController {
  constructor(
    private readonly database: Database,
    private readonly settings: ApiSettings,
  ) {}

  @Get('threads')
  async threads(@Auth() auth: AuthContext): Promise<ThreadIds> {
    if (this.settings.auth.mode !== 'none') throw new NotFoundException();
    return listThreadIds(this.database, auth);
  }
}
