/** Enough to recognise a provider's error, too little to fill a log with an error page. */
const MAX_CHARACTERS = 500;

/** Shorter header values are words like `beta`, not secrets, and replacing them would make plain text unreadable. */
const MIN_SECRET = 8;

/**
 * A JSON Web Token, one of Google's, or a session token of AWS, which it repeats for a wrong signature. Nobody knows them in
 * advance: they are fetched, and replaced before they expire.
 */
const TOKEN = /\b(eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|ya29\.[\w.-]{8,}|(IQoJ|FwoG|FQoG)[\w+/=]{20,})/g;

/** Shortens a provider's message for the operator's log and replaces every secret in it. Providers do echo keys. */
export function operatorDetail(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) if (secret.length >= MIN_SECRET) safe = safe.replaceAll(secret, '[secret]');
  safe = safe.replaceAll(TOKEN, '[token]');
  return safe.length > MAX_CHARACTERS ? `${safe.slice(0, MAX_CHARACTERS)}…` : safe;
}
