import type { Server } from './server.js';

const WITHIN_MS = 15_000;

/** A request that is given up after some seconds, whatever holds it up. */
export const ask = (url: string, init: RequestInit = {}, withinMs = WITHIN_MS): Promise<Response> =>
  fetch(url, { redirect: 'manual', ...init, signal: AbortSignal.timeout(withinMs) });

/** A request of the ChatKit protocol, with the credentials that were given. */
export const askChatKit = (
  { publicUrl, headers }: Server,
  type: string,
  params: object,
  withinMs?: number,
): Promise<Response> =>
  ask(
    `${publicUrl}/chatkit`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ type, params }),
    },
    withinMs,
  );

/** The JSON object in an answer; undefined if it holds something else, such as the page of a proxy. */
export async function objectIn(response: Response): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value: unknown = JSON.parse(await response.text());
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** What answered, as it names itself. */
export const nameOf = ({ headers }: Response): string => headers.get('via') ?? headers.get('server') ?? 'unnamed';

/** An error that the product itself has answered with, and no proxy: its code and message. */
export async function refusalIn(response: Response): Promise<{ code: string; message: string } | undefined> {
  const error = (await objectIn(response))?.['error'];
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return undefined;
  return { code: String(error.code), message: String(error.message) };
}
