import { createHash, randomBytes } from 'node:crypto';

/** What an API key may be used for. */
export const API_KEY_SCOPES = ['chat', 'gateway', 'sessions', 'users', 'tenants', 'admin'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

export const isApiKeyScope = (name: string): name is ApiKeyScope =>
  (API_KEY_SCOPES as readonly string[]).includes(name);

/** An API key as it is stored: without the key. */
export interface ApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly roles: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** By which people, and scanners of secrets, recognise a key. */
export const API_KEY_MARK = 'ckr_';
const FORMAT = /^ckr_[0-9a-f]{64}$/;
const SHOWN_CHARACTERS = 12;

/** A new key: 256 random bits. */
export const newApiKey = (): string => API_KEY_MARK + randomBytes(32).toString('hex');

export const isApiKeyFormat = (text: string): boolean => FORMAT.test(text);

/** What is stored of a key. It is random, so that a salt or a slow hash would protect nothing more. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

export const prefixOfApiKey = (key: string): string => key.slice(0, SHOWN_CHARACTERS);

export const newApiKeyId = (): string => `key_${randomBytes(12).toString('hex')}`;
