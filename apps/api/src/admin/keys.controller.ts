import { Body, Controller, Delete, Get, Header, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { API_KEY_SCOPES, type ApiKey, ApiKeyStore, AppError } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { Caller } from '../auth/auth.decorator.js';
import { DEFAULT_TENANT, type Identity } from '../auth/identity.js';
import { Name, Roles } from '../auth/name-schema.js';
import { parseBody } from '../http/parse-body.js';

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

/** API keys of all tenants, for administrators. The key itself is in the answer that makes it, and nowhere else. */
@Controller('admin/api/keys')
export class KeysController {
  constructor(private readonly keys: ApiKeyStore) {}

  @AccessFor('admin')
  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown) {
    const keys = await this.keys.list(parseBody(Filter, query).tenant);
    return { data: keys.map(shown) };
  }

  @AccessFor('admin', 'key.create')
  @Post()
  @Header('cache-control', 'no-store')
  async create(@Body() body: unknown, @Caller() { userId, tenantId, by }: Identity) {
    const { name, tenant, scopes, roles, expires_in } = parseBody(NewKey, body);
    const { key, stored } = await this.keys.create({
      tenantId: tenant,
      name,
      scopes: [...new Set(scopes)],
      roles,
      expiresIn: expires_in,
      createdBy: by === 'adminToken' ? by : `${by} ${JSON.stringify([tenantId, userId])}`,
    });
    return { ...shown(stored), key };
  }

  /** Effective in every API within seconds, also for the sessions that were made with it. */
  @AccessFor('admin', 'key.revoke')
  @Delete(':id')
  @Header('cache-control', 'no-store')
  async revoke(@Param('id') id: string) {
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
