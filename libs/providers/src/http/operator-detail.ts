import { withoutSecrets } from './without-secrets.js';

/** Enough to recognise a provider's error, too little to fill a log with an error page. */
const MAX_CHARACTERS = 500;

/**
 * A JSON Web Token, one of Google's, or a session token of AWS, which it repeats for a wrong signature. Nobody knows them in
 * advance: they are fetched, and replaced before they expire.
 */
const TOKEN = /\b(eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|ya29\.[\w.-]{8,}|(IQoJ|FwoG|FQoG)[\w+/=]{20,})/g;

/** Shortens a provider's message for the operator's log and replaces every secret in it. Providers do echo keys. */
export function operatorDetail(text: string, secrets: readonly string[]): string {
  const safe = withoutSecrets(text, secrets).replaceAll(TOKEN, '[token]');
  return safe.length > MAX_CHARACTERS ? `${safe.slice(0, MAX_CHARACTERS)}…` : safe;
}
