import { Body, Controller, Delete, Get, Header, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { API_KEY_SCOPES, type ApiKey, ApiKeyStore, AppError } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { Caller } from '../auth/auth.decorator.js';
import { actorOf, DEFAULT_TENANT, type Identity } from '../auth/identity.js';
import { Name, Roles } from '../auth/name-schema.js';
import { parseBody } from '../http/parse-body.js';
import { type AnswerOf, Describes } from '../described/describes.js';

/** Ten years. */
const MAX_SECONDS = 315_360_000;

const NewKey = z.strictObject({
  name: Name,
  tenant: Name.default(DEFAULT_TENANT),
  scopes: z.array(z.enum(API_KEY_SCOPES)).min(1),
  roles: Roles.default([]),
  expires_in: z.int().min(1).max(MAX_SECONDS).optional(),
});
const Filter = z.object({ tenant: Name.optional() });

const KeyShown = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string(),
  /** The beginning of the key, by which it is recognised. */
  prefix: z.string(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
});
const Keys = z.object({ data: z.array(KeyShown) });
const MadeKey = KeyShown.extend({ key: z.string() });
const EXAMPLE = { body: { name: 'intranet', tenant: 'acme', scopes: ['chat'], expires_in: 86_400 } };

/** API keys of all tenants, for administrators. The key itself is in the answer that makes it, and nowhere else. */
@Controller('admin/api/keys')
export class KeysController {
  constructor(private readonly keys: ApiKeyStore) {}

  @AccessFor('admin')
  @Describes({ summary: 'Lists API keys', query: Filter, answer: Keys })
  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown): Promise<AnswerOf<typeof Keys>> {
    const keys = await this.keys.list(parseBody(Filter, query).tenant);
    return { data: keys.map(shown) };
  }

  @AccessFor('admin', 'key.create')
  @Describes({ summary: 'Makes an API key', body: NewKey, answer: MadeKey, status: 201, example: EXAMPLE })
  @Post()
  @Header('cache-control', 'no-store')
  async create(@Body() body: unknown, @Caller() maker: Identity): Promise<AnswerOf<typeof MadeKey>> {
    const { name, tenant, scopes, roles, expires_in } = parseBody(NewKey, body);
    const { key, stored } = await this.keys.create({
      tenantId: tenant,
      name,
      scopes: [...new Set(scopes)],
      roles,
      expiresIn: expires_in,
      createdBy: actorOf(maker),
    });
    return { ...shown(stored), key };
  }

  /** Effective in every API within seconds, also for the sessions that were made with it. */
  @AccessFor('admin', 'key.revoke')
  @Describes({ summary: 'Revokes an API key', answer: KeyShown })
  @Delete(':id')
  @Header('cache-control', 'no-store')
  async revoke(@Param('id') id: string): Promise<AnswerOf<typeof KeyShown>> {
    const revoked = await this.keys.revoke(id);
    if (!revoked) throw new AppError('key.not_found', `There is no API key ${id}.`);
    return shown(revoked);
  }
}

const shown = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  tenant: key.tenantId,
  prefix: key.prefix,
  scopes: key.scopes,
  roles: key.roles,
  created_by: key.createdBy,
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
});
