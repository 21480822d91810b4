import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/chat.js';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { duringSuite } from '../../support/during-suite.js';
import { engineKinds } from '../../support/engines.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { newVisit } from '../chat-page.js';
import { OfficialPage } from '../official/official-page.js';
import { chatOn } from './chat-on.js';
import { copyExample, ROOT, run } from './projects.js';

const [engine = 'postgres'] = engineKinds;
// oxlint-disable-next-line node/no-process-env -- how much is to be tested
const isLong = process.env['BROWSER'] === 'long';
const skipped =
  chromiumMissing ||
  (isLong ? '' : 'The Next example is installed and built with BROWSER=long only: 370 MB, some minutes.');
if (skipped) console.info(skipped);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const npm = (folder: string, ...args: readonly string[]): string =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });

describe.skipIf(skipped)('the Next example', () => {
  const browser = useChromium();
  const provider = useProvider();
  const site = duringSuite(
    async () => ({ folder: copyExample('next'), port: await freePort() }),
    async ({ folder }) => rmSync(folder, { recursive: true, force: true }),
  );
  const relay = useRelay(engine, () => ({
    provider,
    variables: { AUTH_MODE: 'none', CORS_ORIGINS: `http://localhost:${site.port}` },
  }));

  it('is installed from its lockfile, built, chats, attaches, and finds its conversation again', async ({
    onTestFinished,
  }) => {
    const { folder, port } = site;
    npm(folder, 'pack', join(ROOT, 'dist/client'));
    npm(folder, 'ci', '--include=dev');
    const next = join(folder, 'node_modules/next/dist/bin/next');
    const variables = { NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_CHAT_URL: `${relay.url}/chatkit` };
    run(folder, next, ['build'], variables);
    // oxlint-disable-next-line node/no-process-env -- what a server is started with
    const env = { ...process.env, ...variables, NODE_ENV: 'production' as const };
    const server = spawn(process.execPath, [next, 'start', '-p', String(port), '-H', '127.0.0.1'], {
      cwd: folder,
      env,
    });
    onTestFinished(async () => {
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    });
    const url = `http://localhost:${port}`;
    await until('Next', 60_000, () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const visit = await newVisit(browser, relay.url);
    onTestFinished(() => visit.context.close());
    await chatOn(new OfficialPage(visit), { visit, relay, provider, url });
    expect(visit.problems).toEqual([]);
  }, 900_000);
});
