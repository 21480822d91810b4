import type { Credentials } from './credentials.js';

/** A request with these headers, each sent once, or as often as it has values. For tests. */
export function credentials(
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  peer = '127.0.0.1',
): Credentials {
  const sent = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [values].flat().join(', ')])),
    rawHeaders: sent.flat(),
    peer,
    method: 'POST',
    route: '/chatkit',
  };
}

export const bearer = (token: string) => credentials({ authorization: `Bearer ${token}` });
