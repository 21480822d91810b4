import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AppError, ConfigError } from '#runtime';
import type { Credentials } from '../credentials.js';
import { checkedNames, type Identity } from '../identity.js';
import type { Strategy } from './strategy.js';

const ANSWER_WITHIN_MS = 10_000;

/** What the operator's function is given. */
interface Asked {
  readonly headers: Credentials['headers'];
  /** Address of the peer that opened the connection. */
  readonly ip: string;
  readonly method: string;
  /** The pattern of the route, such as `/files/:id`. */
  readonly route: string;
}

/** The default export: returns who asks, or nothing to refuse. What it throws is a fault, and refuses as well. */
type Decide = (asked: Asked) => unknown;

const Decided = z.union([
  z.strictObject({ user: z.string(), tenant: z.string().optional(), roles: z.array(z.string()).optional() }),
  z.strictObject({ refuse: z.string() }),
]);

const NAMES = {
  user: 'The user that the auth module names',
  tenant: 'The tenant that the auth module names',
  roles: 'The roles that the auth module names',
};

/** Loads the operator's module. Throws `ConfigError` if it cannot be used. */
export async function loadAuthModule(path: string): Promise<Decide> {
  const problem = (reason: string): ConfigError =>
    new ConfigError([
      `auth.module: ${path} cannot be used: ${reason}; it must be an ES module with a function as its default export`,
    ]);
  const loaded = (await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw problem(String(error));
  })) as { readonly default?: unknown };
  if (typeof loaded.default !== 'function') throw problem('its default export is no function');
  return loaded.default as Decide;
}

/** The operator's own code decides. Asked about every request for which no other mode has found a credential. */
export function moduleStrategy(decide: Decide): Strategy {
  return {
    mode: 'module',
    recognizes: () => true,
    identify: async ({ headers, peer, method, route }) => {
      const answer = await inTime(async () => decide({ headers: { ...headers }, ip: peer, method, route }));
      return identityOf(answer);
    },
  };
}

function identityOf(answer: unknown): Identity {
  if (answer === undefined || answer === null) {
    throw new AppError('auth.required', 'This request does not say who asks.');
  }
  const decided = Decided.safeParse(answer);
  if (!decided.success) {
    throw new Error('the auth module must return { user, tenant?, roles? }, { refuse: "why" } or nothing');
  }
  if ('refuse' in decided.data) throw new AppError('auth.invalid', decided.data.refuse);
  return { ...checkedNames(decided.data, NAMES), by: 'module' };
}

async function inTime(ask: () => Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the auth module did not answer in time')), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}
