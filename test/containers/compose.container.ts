import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../tools/engines/free-port.js';
import { assertQuiet, ChatPage, newVisit } from '../browser/chat-page.js';
import { createThread, doneItems, listItems, post, postJson, textOf, threadIdOf, until } from '../support/chat.js';
import type { WireItem } from '../support/chat.js';
import { chromiumMissing, useChromium } from '../support/chromium.js';
import { ComposeProject } from './compose-project.js';

// Images are made before (tools/containers/run.sh). Each step builds on the ones before it, as they do where it is deployed.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const MEGABYTES = 1e6;
const IMAGES = ['chatkit-relay', 'chatkit-relay-migrate'] as const;

const sizeOf = async (project: ComposeProject, image: string): Promise<number> =>
  Number(await project.docker('image', 'inspect', '-f', '{{.Size}}', image));

describe('the images and the compose file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'containers-'));
  let project: ComposeProject;
  let threads = 0;

  const chat = async (text: string) => {
    const answer = await post(project.url, createThread(text));
    threads++;
    return { id: threadIdOf(answer), text: textOf(doneItems(answer.events, 'assistant_message')[0]) };
  };
  const answersOf = async (threadId: string): Promise<string[]> => {
    const { data } = await postJson<{ data: WireItem[] }>(project.url, listItems(threadId));
    return data.filter((item) => item.type === 'assistant_message').map((item) => textOf(item));
  };
  const threadCount = async (): Promise<number> => Number(await project.sql('select count(*) from threads'));

  beforeAll(async () => {
    project = new ComposeProject('chatkit-relay-test', await freePort(), {
      NETWORK_PREFIX: '172.31.251',
      // Whoever takes a password of letters only does not notice that it is in a URL.
      POSTGRES_PASSWORD: 'p@ss:w/ord#1 %2f?',
      REDIS_PASSWORD: 'r@dis/%:#',
    });
    await project.compose('down', '-v', '--remove-orphans');
  });
  afterAll(async () => {
    await project.compose('down', '-v', '--remove-orphans');
    await project.docker('image', 'rm', '--force', ...IMAGES.map((image) => `${image}:next`));
    rmSync(folder, { recursive: true });
  });

  it('add at most 150 MB to Node.js', async () => {
    const base = await sizeOf(project, 'node:24-bookworm-slim');
    expect((await sizeOf(project, 'chatkit-relay:local')) - base).toBeLessThan(150 * MEGABYTES);
    expect((await sizeOf(project, 'chatkit-relay-migrate:local')) - base).toBeLessThan(60 * MEGABYTES);
  });

  it('`up --wait` succeeds when everything runs and answers, and again without replacing a container', async () => {
    await project.compose('up', '-d', '--wait');
    expect((await fetch(`${project.url}/health/ready`)).status).toBe(200);
    const services = ['api', 'worker', 'postgres', 'redis'];
    const before = await Promise.all(services.map((service) => project.ids(service)));
    await project.compose('up', '-d', '--wait');
    expect(await Promise.all(services.map((service) => project.ids(service)))).toEqual(before);
  });

  it('wrong settings are told once, and start nothing', async () => {
    const wrong = new ComposeProject('chatkit-relay-wrong', await freePort(), {
      NETWORK_PREFIX: '172.31.252',
      WORKER_CONCURRENCY: 'many',
    });
    try {
      const started = wrong.compose('up', '-d', '--wait');
      await expect(started).rejects.toMatchObject({ stderr: expect.stringContaining('"check" didn\'t complete') });
      const log = await wrong.compose('logs', '--no-log-prefix', 'check');
      expect(log.split('WORKER_CONCURRENCY: ')).toHaveLength(2);
      const stateOf = async (id: string) => wrong.docker('inspect', '-f', '{{.State.Status}} {{.RestartCount}}', id);
      const [ended = ''] = (await wrong.compose('ps', '-aq', 'check')).split('\n');
      expect(await stateOf(ended)).toBe('exited 0');
      for (const service of ['api', 'worker']) expect(await wrong.ids(service)).toEqual([]);
    } finally {
      await wrong.compose('down', '-v', '--remove-orphans');
    }
  });

  it('run as any user, and one without a database says what is missing', async () => {
    const print = ['node', '-p', 'process.getuid()'];
    expect(await project.docker('run', '--rm', '--read-only', '--user', '12345', 'chatkit-relay:local', ...print)).toBe(
      '12345',
    );
    const started = project.docker('run', '--rm', '-e', 'DATABASE_URL=', 'chatkit-relay:local');
    await expect(started).rejects.toMatchObject({
      code: 78,
      stdout: expect.stringContaining('DATABASE_URL: is required'),
    });
  });

  describe.skipIf(chromiumMissing)('in a browser', () => {
    const browser = useChromium();

    it('the page gets an answer, which is there after a reload', async () => {
      const visit = await newVisit(browser, project.url);
      const page = await new ChatPage(visit.page).open();
      const answer = await page.ask('Hello from a browser');
      threads++;
      expect(answer).not.toBe('');
      await visit.page.reload();
      await page.answers.first().waitFor();
      expect(await page.textOf(page.answers.first())).toBe(answer);
      assertQuiet(visit);
      await visit.context.close();
    });
  });

  it('of three workers, another one takes the answer of one that is killed', async () => {
    await project.compose('up', '-d', '--wait', '--scale', 'worker=3');
    expect(await project.ids('worker')).toHaveLength(3);
    const answer = chat('(slow) one of three dies');
    await project.docker('kill', '-s', 'KILL', await project.writer());
    const { id, text } = await answer;
    expect(text).not.toBe('');
    expect(await answersOf(id)).toEqual([text]);
  });

  it('an upgrade migrates, replaces API and workers, and finishes the answer that was under way', async () => {
    // Of the same content, so that it takes no time: what counts is that it is another image.
    for (const image of IMAGES) {
      const lines = `FROM ${image}:local\\nLABEL org.opencontainers.image.version=9.9.9\\n`;
      await project.shell(`printf '${lines}' | docker build -q -t ${image}:next -`);
    }
    const under = post(project.url, createThread('(slow) across an upgrade')).catch((error: unknown) => error);
    threads++;
    await project.writer();
    project.set({ RELAY_IMAGE: 'chatkit-relay:next', RELAY_MIGRATE_IMAGE: 'chatkit-relay-migrate:next' });
    await project.compose('run', '--rm', 'migrate');
    await project.compose('up', '-d', '--wait', '--scale', 'worker=3');
    await under;
    const label = '{{index .Config.Labels "org.opencontainers.image.version"}}';
    for (const id of [...(await project.ids('api')), ...(await project.ids('worker'))]) {
      expect(await project.docker('inspect', '-f', label, id)).toBe('9.9.9');
    }
    const [threadId = ''] = (await project.sql('select id from threads order by created_at desc limit 1')).split('\n');
    await until('the answer is complete', 60_000, async () => (await answersOf(threadId)).length > 0);
    expect(await answersOf(threadId)).toHaveLength(1);
    expect(await threadCount()).toBe(threads);
  });

  it('a backup is restored into an installation that has lost everything', async () => {
    const dump = join(folder, 'chatkit.dump');
    const { id, text } = await chat('Remember me');
    await project.shell(`docker compose exec -T postgres pg_dump -U chatkit -Fc chatkit > ${dump}`);
    await project.compose('down', '-v');
    await project.compose('up', '-d', '--wait');
    expect(await threadCount()).toBe(0);
    await project.compose('stop', 'api', 'worker');
    await project.shell(
      `docker compose exec -T postgres pg_restore -U chatkit -d chatkit --clean --if-exists < ${dump}`,
    );
    await project.compose('start', 'api', 'worker');
    await project.compose('up', '-d', '--wait');
    expect(await threadCount()).toBe(threads);
    expect(await answersOf(id)).toEqual([text]);
  });

  it('everything stops with exit code 0, and `down -v` leaves nothing behind', async () => {
    await project.compose('stop');
    for (const service of ['api', 'worker', 'postgres', 'redis']) {
      for (const id of (await project.compose('ps', '-aq', service)).split('\n')) {
        expect({ service, code: await project.docker('inspect', '-f', '{{.State.ExitCode}}', id) }).toEqual({
          service,
          code: '0',
        });
      }
    }
    await project.compose('down', '-v');
    const filter = `label=com.docker.compose.project=${project.name}`;
    for (const kind of ['container', 'volume', 'network']) {
      expect(await project.docker(kind, 'ls', '-q', '--filter', filter)).toBe('');
    }
  });
});
