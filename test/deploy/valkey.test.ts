import { describe, expect } from 'vitest';
import { killServer } from '../chaos/support/kill.js';
import { launchRedis } from '../chaos/support/own-redis.js';
import { freePort } from '../../tools/engines/free-port.js';
import { createThread, deltasOf, post } from '../support/chat.js';
import { it } from '../support/own.js';
import { startRelay } from '../support/relay.js';
import { valkeyMissing, valkeyServer } from '../support/valkey.js';

if (valkeyMissing) console.warn(valkeyMissing);

describe.skipIf(valkeyMissing)(`Valkey in place of Redis (${valkeyMissing || 'not skipped'})`, () => {
  it('carries a chat', async ({ own }) => {
    const port = await freePort();
    const server = await launchRedis(port, [], valkeyServer);
    own({ stop: () => killServer(server) });
    const variables = { REDIS_URL: `redis://127.0.0.1:${port}`, LOG_LEVEL: 'warn' };
    const relay = own(await startRelay('postgres', { variables }));
    const answer = await post(relay.url, createThread('Hello (tokens=5)'));
    expect(deltasOf(answer.events).join('').trim()).toBe('tok1 tok2 tok3 tok4 tok5');
    for (const { output } of [...relay.apis, ...relay.workers]) expect(output()).toBe('');
  });
});
