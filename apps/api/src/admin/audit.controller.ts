import { Controller, Get, Header, Query } from '@nestjs/common';
import { z } from 'zod';
import { Database, UserReferences } from '#runtime';
import { listAudit, type StoredAuditEntry } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { DEFAULT_TENANT } from '../auth/identity.js';
import { Name } from '../auth/name-schema.js';
import { parseBody } from '../http/parse-body.js';
import { type AnswerOf, Describes } from '../described/describes.js';
import { MAX_ROWS } from './list-bounds.js';

const Filter = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(100),
  before: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  tenant: Name.optional(),
  user: Name.optional(),
});

const Entry = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  tenant: z.string().nullable(),
  subject: z.string().nullable(),
  address: z.string().nullable(),
  request_id: z.string().nullable(),
});
const Entries = z.object({ data: z.array(Entry), has_more: z.boolean() });

/** What administrators have asked for, the newest first. */
@Controller('admin/api/audit')
export class AuditController {
  constructor(
    private readonly db: Database,
    private readonly references: UserReferences,
  ) {}

  @AccessFor('admin')
  @Describes({ summary: 'Lists the audit log', query: Filter, answer: Entries })
  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown): Promise<AnswerOf<typeof Entries>> {
    const { limit, before, action, tenant, user } = parseBody(Filter, query);
    const subjects = user === undefined ? undefined : this.references.all(tenant ?? DEFAULT_TENANT, user);
    const entries = await listAudit(this.db.system, { limit: limit + 1, before, action, tenantId: tenant, subjects });
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
