import { Body, Controller, Delete, Get, Header, HttpCode, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { AppError, ProviderKeys, type StoredProviderKey } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { Name } from '../auth/name-schema.js';
import { parseBody } from '../http/parse-body.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const Whose = z.strictObject({ tenant: Name, provider: z.string().min(1).max(64) });
/** Header values: a key with a line break, or one that no header can hold, would fail at the first call. */
const NewKey = Whose.extend({
  key: z.string().regex(/^[\x21-\x7e]{8,4096}$/, 'must be 8 to 4,096 visible ASCII characters'),
});
const Filter = z.strictObject({ tenant: Name.optional() });

const KeyShown = z.object({
  tenant: z.string(),
  provider: z.string(),
  fingerprint: z.string(),
  created_at: z.iso.datetime(),
});
const Keys = z.object({ data: z.array(KeyShown) });
const Rotated = z.object({ rotated: z.number() });

/** Keys with which tenants pay their providers themselves. A key goes in and never comes out: shown is its fingerprint. */
@Controller('admin/api/provider-keys')
export class ProviderKeysController {
  constructor(private readonly keys: ProviderKeys) {}

  @AccessFor('admin')
  @Describes({ summary: 'Lists which tenants have keys of their own', query: Filter, answer: Keys })
  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown): Promise<AnswerOf<typeof Keys>> {
    const stored = await this.keys.list(parseBody(Filter, query).tenant);
    return { data: stored.map(shown) };
  }

  /** In use in every worker within 10 seconds. */
  @AccessFor('admin', 'provider_key.store')
  @Describes({ summary: 'Stores a tenant’s key', body: NewKey, answer: KeyShown })
  @Put()
  @Header('cache-control', 'no-store')
  async put(@Body() body: unknown): Promise<AnswerOf<typeof KeyShown>> {
    const { tenant, provider, key } = parseBody(NewKey, body);
    this.assertEnabled();
    return shown(await this.keys.put(tenant, provider, key));
  }

  @AccessFor('admin', 'provider_key.delete')
  @Describes({ summary: 'Deletes a tenant’s key', query: Whose, answer: 'none', status: 204 })
  @Delete()
  @HttpCode(204)
  async delete(@Query() query: unknown): Promise<void> {
    const { tenant, provider } = parseBody(Whose, query);
    if (await this.keys.delete(tenant, provider)) return;
    throw new AppError('key.not_found', `The tenant ${tenant} has no key for the provider ${provider}.`);
  }

  /** Encrypts all keys with the first key of SECRETS_KEY; afterwards the others can be removed from it. */
  @AccessFor('admin', 'provider_key.rotate')
  @Describes({ summary: 'Encrypts all keys with the newest secret', answer: Rotated })
  @Post('rotate')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async rotate(): Promise<AnswerOf<typeof Rotated>> {
    this.assertEnabled();
    return { rotated: await this.keys.rotate() };
  }

  private assertEnabled(): void {
    if (this.keys.isEnabled) return;
    const how = 'set SECRETS_KEY (openssl rand -base64 32) for the API and the workers, and start them again';
    throw new AppError('request.invalid', `Keys of tenants cannot be stored without a key to encrypt them: ${how}.`);
  }
}

const shown = ({ tenantId, provider, fingerprint, createdAt }: StoredProviderKey) => ({
  tenant: tenantId,
  provider,
  fingerprint,
  created_at: createdAt.toISOString(),
});
