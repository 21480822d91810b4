import { Controller, Get, Header, Query } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#runtime';
import { listAudit, type StoredAuditEntry } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { Name } from '../auth/name-schema.js';
import { parseBody } from '../http/parse-body.js';

const Filter = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  before: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  tenant: Name.optional(),
});

/** What administrators have asked for, the newest first. */
@Controller('admin/api/audit')
export class AuditController {
  constructor(private readonly db: Database) {}

  @AccessFor('admin')
  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown) {
    const { limit, before, action, tenant } = parseBody(Filter, query);
    const entries = await listAudit(this.db.pool, { limit: limit + 1, before, action, tenantId: tenant });
    return { data: entries.slice(0, limit).map(shown), has_more: entries.length > limit };
  }
}

const shown = ({ id, at, actor, action, tenantId, subject, address, requestId }: StoredAuditEntry) => ({
  id,
  at,
  actor,
  action,
  tenant: tenantId,
  subject,
  address,
  request_id: requestId,
});
