import { createHash, createHmac } from 'node:crypto';
import { SigningKeys } from './signing-keys.js';

const MARK = 'hmac-sha256:';

/**
 * By which a user, who may have been erased, is found in the audit log and among the erasures. Keyed: whoever has a copy of these
 * tables, and a list of names, cannot tell by trying who is meant. A class, so that it can be injected.
 */
export class UserReferences {
  constructor(private readonly keys: Pick<SigningKeys, 'signing' | 'verifying'>) {}

  /** `hmac-sha256:` and 64 hexadecimal digits. */
  of(tenantId: string, userId: string): string {
    return reference(this.keys.signing('user'), tenantId, userId);
  }

  /** Every form in which this user may be on record: by each secret of `SECRETS_KEY`, and without a key, as before there was one. */
  all(tenantId: string, userId: string): readonly string[] {
    const plain = createHash('sha256').update(textOf(tenantId, userId)).digest('hex');
    return [...this.keys.verifying('user').map((key) => reference(key, tenantId, userId)), plain];
  }
}

const textOf = (tenantId: string, userId: string): string => JSON.stringify([tenantId, userId]);

const reference = (key: Buffer, tenantId: string, userId: string): string =>
  MARK + createHmac('sha256', key).update(textOf(tenantId, userId)).digest('hex');
