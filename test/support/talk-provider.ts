import { afterEach } from 'vitest';
import {
  createWebSocketProvider,
  type WebSocketDeps,
} from '../../libs/providers/src/adapters/declared/websocket/provider.js';
import { generate } from '../../libs/providers/src/spec/generate.js';
import type { LanguageModel } from '../../libs/providers/src/spec/language-model.js';
import { noAbort, say } from '../../libs/providers/src/testing/prompts.js';
import { type Asked, exampleEntry, hello, startTalkServer, type TalkServer } from './talk-server.js';

/** Those of the example: one connection for all answers, or one for each. */
export const PROTOCOLS = ['talk', 'plain'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** @returns what starts a server that ends with the test, which fails if anything else than the protocol was spoken */
export function useTalkServers(): (
  protocol: Protocol,
  options?: Parameters<typeof startTalkServer>[1],
) => Promise<TalkServer> {
  const servers: TalkServer[] = [];
  afterEach(async () => {
    const all = servers.splice(0);
    await Promise.all(all.map((server) => server.close()));
    const [violation] = all.flatMap(({ violations }) => violations);
    if (violation) throw new Error('The client breaks the protocol', { cause: violation });
  });
  return async (protocol, options = {}) => {
    const server = await startTalkServer(protocol, options);
    servers.push(server);
    return server;
  };
}

const DEPS: WebSocketDeps = { connectMs: 10_000, reconnectMs: 5 };

/** The example's provider at a server, with other settings among its own. */
export const providerAt = (protocol: Protocol, { url }: { readonly url: string }, more: object = {}, deps = {}) =>
  createWebSocketProvider(exampleEntry(protocol, url, more), { ...DEPS, ...deps });

export const modelAt = (...given: Parameters<typeof providerAt>) => providerAt(...given).model('talk-large');

export const ask = (model: LanguageModel, text = 'hi', signal = noAbort()) => generate(model, say(text), signal);

/** The connection settings of the protocol with others among them. */
export const connection = (protocol: Protocol, more: object) => ({
  connection: { mode: protocol === 'talk' ? 'correlation' : 'pool', ...more },
});

/** Says one thing to `hang`, and then nothing. */
export const stuck = (protocol: Protocol) => (asked: Asked) =>
  asked.text.includes('hang')
    ? asked.send({ type: 'token', text: 'Hello', ...(protocol === 'plain' && { delta: 'Hello' }) })
    : void hello(asked);
