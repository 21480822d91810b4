/** What the server's `POST /sessions` answers, which your own server hands on to the page. */
export interface Session {
  readonly client_secret: string;
  /** Unix time, in seconds. */
  readonly expires_at: number;
}

/** Before the end: a request that is on its way must still be in time. */
const EARLY_SECONDS = 30;
/** A clock that is ahead must not ask for a token with every request. */
const LEAST_SECONDS = 5;

interface Known {
  readonly headers: Record<string, string>;
  /** When to ask for the next one. */
  readonly until: number;
}

/**
 * For the option `headers`: a session token that is fetched when it is needed, once for all requests that wait for it, and
 * again half a minute before it expires (or at half of its life, if that is later). `fetchSession` throws if there is none.
 */
export function sessionHeaders(fetchSession: () => Promise<Session>): () => Promise<Record<string, string>> {
  let current: Promise<Known> | undefined;
  return async () => {
    for (;;) {
      const session = (current ??= load(fetchSession));
      try {
        const { headers, until } = await session;
        if (until > Date.now()) return headers;
      } catch (error) {
        if (current === session) current = undefined; // the next request asks again
        throw error;
      }
      if (current === session) current = undefined;
    }
  };
}

async function load(fetchSession: () => Promise<Session>): Promise<Known> {
  const { client_secret: secret, expires_at: end } = checked(await fetchSession());
  const now = Date.now();
  const left = end * 1_000 - now;
  const until = now + Math.max(left - EARLY_SECONDS * 1_000, left / 2, LEAST_SECONDS * 1_000);
  return { headers: { authorization: `Bearer ${secret}` }, until };
}

/** The answer of a route that refuses, because nobody is signed in, has neither. */
function checked(answer: unknown): Session {
  const { client_secret: secret, expires_at: end } = (answer ?? {}) as Partial<Record<keyof Session, unknown>>;
  if (typeof secret === 'string' && secret !== '' && typeof end === 'number' && Number.isFinite(end))
    return { client_secret: secret, expires_at: end };
  throw new TypeError(
    'sessionHeaders: no session token was returned. The function must resolve to the answer of POST /sessions, ' +
      '{ client_secret, expires_at }, and throw if its request was refused (check response.ok).',
  );
}
