import type { AuthMode } from '#runtime';
import type { Credentials } from '../credentials.js';
import type { Identity } from '../identity.js';

/** One way in which a request may prove who asks. */
export interface Strategy {
  readonly mode: AuthMode;
  /**
   * Whether the request carries a credential of this kind, valid or not: then this strategy alone decides. Throws
   * `AppError` `auth.invalid`.
   */
  recognizes(credentials: Credentials): boolean;
  /**
   * Called for what it recognizes only. Throws `AppError` `auth.invalid` if the credential is refused, and `service.unavailable` if
   * that cannot be said right now.
   */
  identify(credentials: Credentials): Promise<Identity> | Identity;
}
