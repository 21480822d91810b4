import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { Caller } from '../auth/auth.decorator.js';
import type { Identity } from '../auth/identity.js';
import { Name, Roles } from '../auth/name-schema.js';
import { SessionTokens } from '../auth/session-tokens.js';
import { ApiConfig } from '../config.js';
import { parseBody } from '../http/parse-body.js';
import { Describes } from '../described/describes.js';

const MIN_SECONDS = 10;

/** How long it may last is up to the configuration. */
const NewSession = z.strictObject({
  user: Name,
  tenant: Name.optional(),
  roles: Roles.default([]),
  expires_in: z.int().min(MIN_SECONDS).optional(),
});
const MadeSession = z.object({ client_secret: z.string(), expires_at: z.int() });

const EXAMPLE = {
  body: { user: 'ada', expires_in: 600 },
  answer: { client_secret: 'eyJ…', expires_at: 1_800_000_000 },
};

interface Session {
  /** For the `Authorization` header, as a Bearer token. */
  readonly client_secret: string;
  /** Unix time in seconds. */
  readonly expires_at: number;
}

/** Short-lived tokens for browsers, made by the operator's own servers for users whom those have signed in. */
@Controller('sessions')
export class SessionsController {
  private readonly schema;

  constructor(
    private readonly tokens: SessionTokens,
    private readonly config: ApiConfig,
  ) {
    this.schema = NewSession.extend({
      expires_in: z.int().min(MIN_SECONDS).max(config.auth.session.maxSeconds).optional(),
    });
  }

  @AccessFor('sessions', 'session.create')
  @Describes({
    summary: 'Makes a short-lived token for one user',
    body: NewSession,
    answer: MadeSession,
    example: EXAMPLE,
  })
  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async make(@Body() body: unknown, @Caller() maker: Identity): Promise<Session> {
    const { auth } = this.config;
    if (!auth.modes.includes('session')) {
      throw new AppError('feature.not_configured', 'This server takes no sessions; add session to AUTH_MODE.');
    }
    const { user, tenant = maker.tenantId, roles, expires_in } = parseBody(this.schema, body);
    assertWithin(maker, tenant, roles);
    const subject = { tenantId: tenant, userId: user, roles, keyId: maker.keyId };
    const { token, expiresAt } = await this.tokens.make(subject, expires_in ?? auth.session.defaultSeconds);
    return { client_secret: token, expires_at: expiresAt };
  }
}

/** Nobody can give away what they do not have. */
function assertWithin(maker: Identity, tenant: string, roles: readonly string[]): void {
  if (tenant !== maker.tenantId && !maker.scopes?.has('tenants')) {
    throw new AppError('auth.forbidden', 'Sessions for another tenant need an API key with the scope "tenants".');
  }
  // The administrator's token stands for the whole installation.
  if (maker.by === 'adminToken') return;
  const missing = roles.filter((role) => !maker.roles.includes(role));
  if (missing.length === 0) return;
  throw new AppError('auth.forbidden', `The API key does not have these roles itself: ${missing.join(', ')}.`);
}
