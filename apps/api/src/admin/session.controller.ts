import { Controller, Delete, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AccessFor, Public } from '../auth/access.js';
import { AdminSessions } from '../auth/admin-sessions.js';
import { Caller } from '../auth/auth.decorator.js';
import { actorOf, type Identity } from '../auth/identity.js';
import { ApiConfig } from '../config.js';
import { type AnswerOf, Describes } from '../described/describes.js';

/** `may_read`: conversations. */
const Session = z.object({ actor: z.string(), may_read: z.boolean() });
type SessionShown = AnswerOf<typeof Session>;

/** Signing in to the administration in a browser, with any credential that is an administrator's. */
@Controller('admin/api/session')
export class AdminSessionController {
  constructor(
    private readonly sessions: AdminSessions,
    private readonly config: ApiConfig,
  ) {}

  /** Who is signed in, and what the page may offer. */
  @AccessFor('admin')
  @Describes({ summary: 'Who the administrator is', answer: Session })
  @Get()
  @Header('cache-control', 'no-store')
  get(@Caller() caller: Identity): SessionShown {
    return { actor: actorOf(caller), may_read: this.config.adminContent };
  }

  @AccessFor('admin', 'admin.sign_in')
  @Describes({ summary: 'Makes a session for a browser', answer: Session })
  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async begin(
    @Caller() caller: Identity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionShown> {
    void reply.header('set-cookie', await this.sessions.begin(caller, this.isSecure(request)));
    return this.get(caller);
  }

  /** For everybody: a session that is over must not keep anybody from signing out. */
  @Public()
  @Describes({ summary: 'Ends the session of a browser', answer: 'none', status: 204 })
  @Delete()
  @HttpCode(204)
  end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.header('set-cookie', this.sessions.end(this.isSecure(request)));
  }

  private isSecure({ protocol }: FastifyRequest): boolean {
    return protocol === 'https' || (this.config.publicUrl?.startsWith('https:') ?? false);
  }
}
