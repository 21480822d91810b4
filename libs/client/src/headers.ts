/** Announces the shim to the server; the value begins with this package's version. */
export const SHIM = { name: 'chatkit-relay-client', value: '0.1.0' };
export const KEY_HEADER = 'idempotency-key';
const RUN_ID_HEADER = 'chatkit-run-id';

/** The run's id of a response that streams one; undefined for a refusal, and for a server that is not the relay. */
export function runIdOf(response: Response): string | undefined {
  const isStream = response.status === 200 && response.headers.get('content-type')?.startsWith('text/event-stream');
  return (isStream && response.headers.get(RUN_ID_HEADER)) || undefined;
}

/** `randomUUID` is available on HTTPS and localhost only. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
