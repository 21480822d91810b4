import { afterAll, beforeAll } from 'vitest';
import { createProviders } from '../config.js';
import type { ModelCall } from '../spec/language-model.js';
import { generate } from '../spec/generate.js';
import type { Warning } from '../spec/stream-part.js';
import { messageEnd, sse, textEvents } from './cohere-events.js';
import { type LocalServer, startLocalServer } from './local-server.js';
import { noAbort } from './prompts.js';

interface Sent {
  readonly body: LocalServer['requests'][number]['body'];
  readonly warnings: readonly Warning[];
}

/** What a Cohere server gets when a model named `command-x` is called, for the tests of a file. */
export function cohereServer(): (call: ModelCall) => Promise<Sent> {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startLocalServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(sse([...textEvents(0, ['x']), messageEnd()]));
    });
  });
  afterAll(() => server.close());

  return async (call) => {
    const [provider] = createProviders([{ kind: 'cohere', baseUrl: server.url }]);
    const { warnings } = await generate(provider!.model('command-x'), call, noAbort());
    return { body: server.requests.at(-1)!.body, warnings };
  };
}
