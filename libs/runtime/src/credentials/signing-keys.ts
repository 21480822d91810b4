import { hkdfSync, randomBytes } from 'node:crypto';
import type { Queryable } from '../platform/database.js';
import { prepared, query, text, unprepared } from '../platform/statement.js';

/** What a key signs. A signature for one purpose is worth nothing for another. */
export type SigningPurpose = 'session' | 'file' | 'user' | 'admin';

const ROOT = 'root';
const KEY_BYTES = 32;

const MAKE = unprepared(
  'signing-keys-make',
  `INSERT INTO signing_keys (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
);
const LOAD = prepared('signing-keys-load', 'SELECT secret FROM signing_keys WHERE name = $1', { secret: text() });

/**
 * The keys with which this installation signs what it will recognize again later: session tokens, links to files, references to
 * users. They are the same in every process.
 */
export class SigningKeys {
  private readonly derived = new Map<SigningPurpose, readonly [Buffer, ...Buffer[]]>();

  /** `secrets`: never empty; the first signs, and all verify. */
  constructor(private readonly secrets: readonly string[]) {}

  /**
   * From `SECRETS_KEY`, or else from a secret that the first process makes and that all share through Postgres. Whoever can
   * read that table can sign, so the environment is the better place.
   */
  static async load(db: Queryable, secretsKeys: readonly string[]): Promise<SigningKeys> {
    return new SigningKeys(secretsKeys.length > 0 ? secretsKeys : [await sharedSecret(db)]);
  }

  /** The key that signs, of 256 bits. */
  signing(purpose: SigningPurpose): Buffer {
    return this.keys(purpose)[0];
  }

  /** The keys by which a signature may have been made, the newest first. */
  verifying(purpose: SigningPurpose): readonly Buffer[] {
    return this.keys(purpose);
  }

  private keys(purpose: SigningPurpose): readonly [Buffer, ...Buffer[]] {
    const known = this.derived.get(purpose);
    if (known) return known;
    const [first, ...others] = this.secrets.map((secret) => derive(secret, purpose));
    if (!first) throw new Error('there is no secret to sign with');
    this.derived.set(purpose, [first, ...others]);
    return [first, ...others];
  }
}

/** Two processes that start at the same time agree: one inserts, both read. */
async function sharedSecret(db: Queryable): Promise<string> {
  await query(db, MAKE, [ROOT, randomBytes(KEY_BYTES).toString('base64url')]);
  const { rows } = await query(db, LOAD, [ROOT]);
  const [row] = rows;
  if (!row) throw new Error('the signing key could not be stored');
  return row.secret;
}

const derive = (secret: string, purpose: SigningPurpose): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'chatkit-relay', `signing ${purpose}`, KEY_BYTES));
