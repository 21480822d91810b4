import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Recordings that are part of the project, written by hand from the vendors' documentation. */
export const OWN_RECORDINGS = fileURLToPath(new URL('../../recordings', import.meta.url));

/**
 * More recordings, of real servers, which are no part of the project: in `CHATKIT_RECORDINGS_DIR`, else beside the checkout.
 * Undefined where there are none.
 */
export function sharedRecordings(): string | undefined {
  // oxlint-disable-next-line node/no-process-env -- the suite's own switch, read here and nowhere else
  const configured = process.env['CHATKIT_RECORDINGS_DIR'];
  const beside = fileURLToPath(new URL('../../../../shared/fixtures/providers', import.meta.url));
  const dir = configured || beside;
  return existsSync(dir) ? dir : undefined;
}
