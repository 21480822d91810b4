import { describe, expect } from 'vitest';
import { it, type Own } from '../support/own.js';
import { createThread, deltasOf, post, until } from '../support/chat.js';
import { isLong } from '../support/chaos-length.js';
import { isCi } from '../support/chromium.js';
import { nginxMissing, startNginx } from '../support/nginx.js';
import { USER_HEADER } from '../support/relay.js';
import { startApp } from '../support/processes.js';
import { tell } from './support/figures.js';
import { startFleet } from './support/fleet.js';
import { answerTo, wishText } from './support/numbered-provider.js';

/** The proxy's limit and the silence of the provider, in seconds; as long as the promise says in the long form. */
const LIMITS = isLong
  ? [
      { limit: 30, silence: 120, heartbeat: undefined },
      { limit: 10, silence: 120, heartbeat: 5 },
    ]
  : [{ limit: 3, silence: 8, heartbeat: 1 }];

/** What holds streams back in nginx: its compression waits for more, unless an answer asks for no buffering. */
const COMPRESSING = {
  'proxy_buffering off;': 'proxy_buffering on;',
  'gzip off;': 'gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_min_length 0;',
};
const BUFFERING = {
  ...COMPRESSING,
  'proxy_buffering off;': 'proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;',
};

it('nginx is there where a machine promises it (CI=true)', () => {
  expect(isCi ? nginxMissing : '').toBe('');
});

/** One turn through the proxy, with a provider that says nothing for so long. */
async function askThrough(own: Own, config: string, limit: number, silence: number) {
  const fleet = own(
    await startFleet('postgres', {
      apis: 1,
      workers: 1,
      config: `${config}deadlines: { firstTokenMs: 600000 }\n`,
    }),
  );
  const nginx = own(
    await startNginx([fleet.url()], { changes: { 'proxy_read_timeout 120s': `proxy_read_timeout ${limit}s` } }),
  );
  const wish = { id: 'silent', tokens: 3, delay: 10, first: silence * 1_000 };
  return { wish, answer: await post(nginx.url, createThread(wishText(wish))) };
}

describe.runIf(!nginxMissing)(`behind a real nginx (${nginxMissing || 'not skipped'})`, () => {
  for (const { limit, silence, heartbeat } of LIMITS) {
    it(`a provider that is silent for ${silence} s survives a limit of ${limit} s (heartbeat ${heartbeat})`, async ({
      own,
    }) => {
      const config = heartbeat === undefined ? '' : `heartbeat: { seconds: ${heartbeat} }\n`;
      const { wish, answer } = await askThrough(own, config, limit, silence);
      expect(answer.complete).toBe(true);
      expect(deltasOf(answer.events).join('')).toBe(answerTo(wish));
      const beats = answer.raw.split('\n\n').filter((frame) => frame.startsWith(':'));
      tell('behind nginx', { limit: `${limit} s`, silence: `${silence} s`, heartbeats: beats.length });
      expect(beats.length).toBeGreaterThanOrEqual(Math.floor(silence / (heartbeat ?? 15)) - 1);
      // Never inside a frame: every block is a comment or one whole event.
      const blocks = answer.raw.split('\n\n').filter(Boolean);
      expect(blocks.filter((block) => !/^(:|data: \{.*\}$)/s.test(block))).toEqual([]);
    }, 200_000);
  }

  it('without heartbeats the same silence is cut', async ({ own }) => {
    const { answer } = await askThrough(own, 'heartbeat: false\n', 2, 6);
    expect(answer.complete).toBe(false);
  }, 60_000);

  it('events pass one by one, although the proxy buffers and compresses what does not ask it not to', async ({
    own,
  }) => {
    const fleet = own(await startFleet('postgres', { apis: 1, workers: 1 }));
    const nginx = own(await startNginx([fleet.url()], { changes: COMPRESSING }));
    // fetch asks for compression, and undoes it.
    const { body } = await fetch(`${nginx.url}/chatkit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [USER_HEADER]: 'ada' },
      body: JSON.stringify(createThread(wishText({ id: 'early', tokens: 20, delay: 100 }))),
    });
    let text = '';
    let wasEarly = false;
    for await (const piece of body ?? []) {
      text += Buffer.from(piece).toString();
      wasEarly ||= text.includes('early.3 ') && !text.includes('early.20 ');
    }
    expect(text).toContain('early.20 ');
    expect(wasEarly).toBe(true);
  }, 60_000);

  it('a proxy that buffers all the same is named in the log, with what to do', async ({ own }) => {
    const fleet = own(await startFleet('postgres', { apis: 1, workers: 1 }));
    const nginx = own(await startNginx([fleet.url()], { changes: BUFFERING }));
    const told = own(await startApp('api', { ...fleet.variables, PUBLIC_URL: nginx.url }));
    await until('the log names it', 20_000, async () => told.output().includes('a proxy buffers streams'));
    expect(told.output()).toMatch(/"proxy":"nginx/);
    expect(told.output()).toContain('docs/deploy.md');
  }, 60_000);
});
