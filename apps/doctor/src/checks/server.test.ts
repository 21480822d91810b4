import { startLocalServer } from '#providers/testing';
import { expect, it } from 'vitest';
import { server } from './server.js';

const PROBLEM = 'The database lacks migrations of this version. Run npm run migrate.';

/** What is found at a server that says this of itself. */
async function foundAt(readiness: object): Promise<unknown> {
  const local = await startLocalServer((response, { path }) => {
    const config = { versions: { server: '1.0.0' }, uploadStrategy: {} };
    response.end(JSON.stringify(path.startsWith('/config') ? config : readiness));
  });
  try {
    const { url } = local;
    const found = await server.run({ url, publicUrl: url, headers: {}, origins: [], sendsMessage: false });
    return found.map(({ message, fix }) => [message.replace(url, 'It'), fix]);
  } finally {
    await local.close();
  }
}

it.each([
  [{ schema: 'outdated' }, PROBLEM, 'It is not ready: schema outdated', PROBLEM],
  [
    { schema: 'unavailable' },
    undefined,
    'It is not ready: schema unavailable',
    'See the log of the API for the reason.',
  ],
  [
    { postgres: 'ok', worker: 'unavailable' },
    undefined,
    'It is not ready: worker unavailable',
    'Start a worker: npm run start:worker.',
  ],
])('a server of which is to be told %j, %s', async (checks, problem, message, fix) => {
  expect(await foundAt({ checks, problem })).toEqual([[message, fix]]);
});
