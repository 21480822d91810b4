import { Body, Controller, Delete, Get, Header, HttpCode, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { AppError, ProviderKeys, type StoredProviderKey } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { Name } from '../auth/name-schema.js';
import { parseBody } from '../http/parse-body.js';

const Whose = z.strictObject({ tenant: Name, provider: z.string().min(1).max(64) });
/** Header values: a key with a line break, or one that no header can hold, would fail at the first call. */
const NewKey = Whose.extend({
  key: z.string().regex(/^[\x21-\x7e]{8,4096}$/, 'must be 8 to 4,096 visible ASCII characters'),
});
const Filter = z.strictObject({ tenant: Name.optional() });

/** Keys with which tenants pay their providers themselves. A key goes in and never comes out: shown is its fingerprint. */
@Controller('admin/api/provider-keys')
export class ProviderKeysController {
  constructor(private readonly keys: ProviderKeys) {}

  @AccessFor('admin')
  @Get()
  @Header('cache-control', 'no-store')
  async list(@Query() query: unknown) {
    const stored = await this.keys.list(parseBody(Filter, query).tenant);
    return { data: stored.map(shown) };
  }

  /** In use in every worker within 10 seconds. */
  @AccessFor('admin', 'provider_key.store')
  @Put()
  @Header('cache-control', 'no-store')
  async put(@Body() body: unknown) {
    const { tenant, provider, key } = parseBody(NewKey, body);
    this.assertEnabled();
    return shown(await this.keys.put(tenant, provider, key));
  }

  @AccessFor('admin', 'provider_key.delete')
  @Delete()
  @HttpCode(204)
  async delete(@Query() query: unknown): Promise<void> {
    const { tenant, provider } = parseBody(Whose, query);
    if (await this.keys.delete(tenant, provider)) return;
    throw new AppError('key.not_found', `The tenant ${tenant} has no key for the provider ${provider}.`);
  }

  /** Encrypts all keys with the first key of SECRETS_KEY; afterwards the others can be removed from it. */
  @AccessFor('admin', 'provider_key.rotate')
  @Post('rotate')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async rotate() {
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
