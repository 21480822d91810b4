import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, Header, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { AttachmentFiles, Database, EventEngine } from '#runtime';
import { Erasure, exportUser, type ExportLine, findRemains } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { DEFAULT_TENANT } from '../auth/identity.js';
import { Name } from '../auth/name-schema.js';
import { parseBody } from '../http/parse-body.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const User = z.strictObject({ tenant: Name.default(DEFAULT_TENANT), user: Name });
const Export = User.extend({ files: z.enum(['true', 'false']).default('false') });
/** Texts shorter than this are in everything. */
const Texts = z.strictObject({ texts: z.array(z.string().min(4).max(1_000)).min(1).max(1_000) });

const Receipt = z.object({
  id: z.string(),
  threads: z.number(),
  runs: z.number(),
  attachments: z.number(),
  assistant_calls: z.number(),
  anonymised_usage_rows: z.number(),
});
/** `where`: `postgres`, `redis` or `files`; `name`: the table, the key or the attachment. */
const FoundRemains = z.object({ data: z.array(z.object({ where: z.string(), name: z.string(), count: z.number() })) });

/** What is stored of one user of one tenant: to hand it out, to erase it, and to prove that nothing is left. */
@Controller('admin/api')
export class PersonalDataController {
  constructor(
    private readonly db: Database,
    private readonly engine: EventEngine,
    private readonly files: AttachmentFiles,
    private readonly erasure: Erasure,
  ) {}

  /** JSON lines, streamed; the last one is `{"type":"end","counts":{…}}`. */
  @AccessFor('admin', 'user.export')
  @Describes({ summary: 'Exports what is stored of a user, as JSON lines', query: Export, answer: 'text' })
  @Get('user-export')
  @Header('cache-control', 'no-store')
  export(@Query() asked: unknown): StreamableFile {
    const { tenant, user, files } = parseBody(Export, asked);
    const owner = { tenantId: tenant, ownerId: user };
    const lines = exportUser(this.db, this.files, owner, { withFiles: files === 'true' });
    return new StreamableFile(Readable.from(encoded(lines)), { type: 'application/x-ndjson; charset=utf-8' });
  }

  @AccessFor('admin', 'user.erase')
  @Describes({ summary: 'Erases what is stored of a user', query: User, answer: Receipt })
  @Delete('user-data')
  @Header('cache-control', 'no-store')
  async erase(@Query() asked: unknown): Promise<AnswerOf<typeof Receipt>> {
    const { tenant, user } = parseBody(User, asked);
    const { id, ...counts } = await this.erasure.eraseUser({ tenantId: tenant, ownerId: user });
    return {
      id,
      threads: counts.threads,
      runs: counts.runs,
      attachments: counts.attachments,
      assistant_calls: counts.assistantCalls,
      anonymised_usage_rows: counts.anonymisedUsage,
    };
  }

  /** Where any of these texts is still stored: every table, every key of Redis, every file by its id. */
  @AccessFor('admin', 'data.search')
  @Describes({ summary: 'Searches everything for texts that must be gone', body: Texts, answer: FoundRemains })
  @Post('remains')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async remains(@Body() body: unknown): Promise<AnswerOf<typeof FoundRemains>> {
    return { data: await findRemains(this.db, this.engine, this.files, parseBody(Texts, body).texts) };
  }
}

async function* encoded(lines: AsyncIterable<ExportLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}
