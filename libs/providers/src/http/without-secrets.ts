/** As much of a secret in a row is a part of it; shorter settings are words like `beta`, and would make plain text unreadable. */
const PART = 8;
const SHOWN = '[secret]';

/**
 * Replaces secrets in a text: whole, cut anywhere as long as 8 characters in a row are left, percent-encoded, or in Base64
 * of any alignment, with or without something around them (`Basic …`).
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const parts = new Set(secrets.flatMap(formsOf).flatMap(partsOf));
  let safe = '';
  for (let index = 0; index < text.length;) {
    const end = endOfSecret(text, index, parts);
    safe += end > index ? SHOWN : text.charAt(index);
    index = Math.max(end, index + 1);
  }
  return secrets
    .filter((secret) => secret.length >= PART)
    .reduce((rest, secret) => rest.replaceAll(secret, SHOWN), safe);
}

/** Where a row of parts that begins here ends; `start` when none begins. */
function endOfSecret(text: string, start: number, parts: ReadonlySet<string>): number {
  let end = start;
  for (let index = start; index <= (end || start) && parts.has(text.slice(index, index + PART)); index++)
    end = index + PART;
  return end;
}

/** A place where a secret is, like `tokenUrl` or the file of a token: it is replaced as a whole only, since others begin alike. */
const isPlace = (setting: string): boolean => setting.startsWith('/') || setting.includes('://');

function formsOf(secret: string): string[] {
  if (secret.length < PART || isPlace(secret)) return [];
  return [secret, encodeURIComponent(secret), ...base64FormsOf(secret)];
}

/** What stands before the secret shifts its Base64; the first and last digits may be shared with what is around it. */
const base64FormsOf = (secret: string): string[] =>
  ['base64', 'base64url'].flatMap((encoding) =>
    [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + secret)
        .toString(encoding as BufferEncoding)
        .replace(/=+$/, '')
        .slice(shift === 0 ? 0 : shift + 1, -1),
    ),
  );

const partsOf = (form: string): string[] =>
  Array.from({ length: Math.max(0, form.length - PART + 1) }, (_, index) => form.slice(index, index + PART));
