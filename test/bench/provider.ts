// The fake provider, a process of its own, which also keeps a digest of every text that it has sent in full: what
// reaches a reader is compared with that. Argument: the path of fake-provider.mjs.
import diagnostics from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { ProviderOrder, ProviderReport } from './messages.js';
import { digestOf } from './token.js';

const CONTENT = /"delta":\{"content":"(\d+[x ]+)"\}/g;

let digests: string[] = [];

interface RequestStart {
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** The load mode writes its frames to the socket itself, as strings. */
function watch({ response, socket }: RequestStart): void {
  let text = '';
  const write = socket.write.bind(socket) as (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;
  socket.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    if (typeof chunk === 'string') for (const [, content] of chunk.matchAll(CONTENT)) text += content ?? '';
    return write(chunk, ...rest);
  };
  response.once('close', () => {
    Reflect.deleteProperty(socket, 'write');
    if (response.writableFinished && text) digests.push(digestOf(text));
  });
}

diagnostics.subscribe('http.server.request.start', (message) => watch(message as RequestStart));

process.on('message', (_order: ProviderOrder) => {
  process.send?.({ digests } satisfies ProviderReport);
  digests = [];
});
process.on('disconnect', () => process.exit());

const { start } = (await import(
  pathToFileURL(process.argv[2] ?? '').href
)) as typeof import('../support/fake-provider.mjs');
const { url } = await start({ port: 0 });
process.send?.({ type: 'ready', url });
