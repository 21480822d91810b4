import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createProviders } from '../../config.js';
import { generate } from '../../spec/generate.js';
import { messageEnd, sse, textEvents } from '../../testing/cohere-events.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { noAbort, say } from '../../testing/prompts.js';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer((response, { method }) => {
    if (method === 'GET') return void response.end('{"models":[]}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(sse([...textEvents(0, ['x']), messageEnd()]));
  });
});
afterAll(() => server.close());
afterEach(() => vi.unstubAllEnvs());

const provider = (fields: object = {}) => createProviders([{ kind: 'cohere', baseUrl: server.url, ...fields }])[0]!;

/** The names of the headers of the last chat and of the last list of models. */
async function headersOf(fields: object): Promise<LocalServer['requests'][number]['headers'][]> {
  await generate(provider(fields).model('m'), say('hi'), noAbort());
  await provider(fields).listModels(noAbort());
  return server.requests.slice(-2).map(({ headers }) => headers);
}

it("sends nothing of the SDK's own choosing, nor of the environment", async () => {
  for (const name of ['CO_API_KEY', 'CO_API_URL', 'CO_CLIENT_NAME']) vi.stubEnv(name, 'from-the-environment');
  const [chat, models] = await headersOf({});
  const names = ['accept', 'accept-encoding', 'connection', 'host'];
  expect(Object.keys(models!).toSorted()).toEqual(names);
  expect(Object.keys(chat!).toSorted()).toEqual([...names, 'content-length', 'content-type'].toSorted());
});

it('sends the headers of the entry, which win over the key', async () => {
  const headers = { Authorization: 'Bearer own', 'X-Client-Name': 'me', 'X-Team': 'a' };
  for (const sent of await headersOf({ apiKey: 'co-0123456789', headers })) {
    expect(sent).toMatchObject({ authorization: 'Bearer own', 'x-client-name': 'me', 'x-team': 'a' });
  }
});
