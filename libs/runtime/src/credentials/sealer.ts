import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

interface SealingKey {
  /** Names the key in what it has sealed, and says nothing about it. */
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Encrypts small secrets for storage with keys from `SECRETS_KEY` (AES-256-GCM; each purpose has a key of its own by HKDF): the
 * first one seals, all of them open, so that keys can be replaced one after the other. `context` is authenticated, not stored:
 * what was sealed for one row does not open in another.
 */
export class Sealer {
  private readonly keys: readonly SealingKey[];

  /** `secrets`: those of `SECRETS_KEY`, the newest first. */
  constructor(secrets: readonly string[], purpose: string) {
    this.keys = secrets.map((secret) => sealingKey(secret, purpose));
  }

  /** `v1.<key>.<base64url>`. Throws when there is no key. */
  seal(plain: string, context: string): string {
    const [newest] = this.keys;
    if (!newest) throw new Error('there is no key to seal with');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, newest.key, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, newest.id, sealed.toString('base64url')].join('.');
  }

  /** Throws for what was changed, belongs to another context, or was sealed with a key that is not there any more. */
  open(sealed: string, context: string): string {
    const [version, id, content = ''] = sealed.split('.');
    const found = this.keys.find((key) => key.id === id);
    if (version !== VERSION || !found) throw new Error('it was encrypted with a key that SECRETS_KEY does not have');
    const bytes = Buffer.from(content, 'base64url');
    const decipher = createDecipheriv(ALGORITHM, found.key, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(plain).toString('utf8');
  }
}

function sealingKey(secret: string, purpose: string): SealingKey {
  const key = Buffer.from(hkdfSync('sha256', secret, 'chatkit-relay', `encryption ${purpose}`, KEY_BYTES));
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}
