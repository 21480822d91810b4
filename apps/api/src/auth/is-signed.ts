import type { LinkQuery } from '#runtime/api';

/** Whether a URL claims to be signed; then its signature decides, whoever sends it. */
export const isSigned = ({ signature, expires }: LinkQuery): boolean =>
  signature !== undefined || expires !== undefined;
