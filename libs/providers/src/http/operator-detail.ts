/** Enough to recognise a provider's complaint, too little to fill a log with somebody's error page. */
const MAX_CHARACTERS = 500;

/** Shorter header values are words like `beta`, not secrets, and would make holes in plain text. */
const MIN_SECRET = 8;

/** Cuts a provider's words for the operator's log, every secret in them replaced. Providers do echo keys. */
export function operatorDetail(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) if (secret.length >= MIN_SECRET) safe = safe.replaceAll(secret, '[secret]');
  return safe.length > MAX_CHARACTERS ? `${safe.slice(0, MAX_CHARACTERS)}…` : safe;
}
