import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../tools/engines/free-port.js';
import { assertQuiet, ChatPage, newVisit } from '../browser/chat-page.js';
import { createThread, doneItems, listItems, post, postJson, textOf, threadIdOf, until } from '../support/chat.js';
import type { WireItem } from '../support/chat.js';
import { chromiumMissing, useChromium } from '../support/chromium.js';
import { ComposeProject, IMAGES } from './compose-project.js';
import { watchGap } from './watch-gap.js';

// Images are made before (tools/containers/run.sh). Each step builds on the ones before it, as they do where it is deployed.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const MEGABYTES = 1e6;
const NEXT = { RELAY_IMAGE: 'chatkit-relay:test-next', RELAY_MIGRATE_IMAGE: 'chatkit-relay-migrate:test-next' };
const FAILING = 'chatkit-relay-migrate:test-failing';
const VERSION = 'org.opencontainers.image.version';

/** Lines of a Dockerfile for one more migration. */
const migration = (name: string, sql: string): string[] => [
  'USER 0',
  `RUN mkdir prisma/migrations/${name} && echo '${sql}' > prisma/migrations/${name}/migration.sql`,
  'USER 1000:1000',
];

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
  const columnsCalled = (name: string): Promise<string> =>
    project.sql(`select count(*) from information_schema.columns where column_name = '${name}'`);
  /** The versions of the images that serve. */
  const versions = async (): Promise<string[]> => {
    const ids = [...(await project.ids('api')), ...(await project.ids('worker'))];
    const label = `{{index .Config.Labels "${VERSION}"}}`;
    return Promise.all(ids.map((id) => project.docker('inspect', '-f', label, id)));
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
    await project.docker('image', 'rm', '--force', ...Object.values(NEXT), FAILING);
    rmSync(folder, { recursive: true });
  });

  it('add at most 150 MB to Node.js', async () => {
    const base = await sizeOf(project, 'node:24-bookworm-slim');
    expect((await sizeOf(project, IMAGES.RELAY_IMAGE)) - base).toBeLessThan(150 * MEGABYTES);
    expect((await sizeOf(project, IMAGES.RELAY_MIGRATE_IMAGE)) - base).toBeLessThan(60 * MEGABYTES);
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
    // Ends with 0 when all settings, and what they name, could be read.
    await project.compose('run', '--rm', '--no-deps', '--user', '12345', 'check');
    const started = project.docker('run', '--rm', '-e', 'DATABASE_URL=', IMAGES.RELAY_IMAGE);
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
    // Of the same content, so that it takes no time: what counts is that these are other images, and one more migration.
    await project.derive(NEXT.RELAY_IMAGE, IMAGES.RELAY_IMAGE, [`LABEL ${VERSION}=9.9.9`]);
    const added = migration('20991231235958_next', 'ALTER TABLE "threads" ADD COLUMN "of_the_next" TEXT;');
    await project.derive(NEXT.RELAY_MIGRATE_IMAGE, IMAGES.RELAY_MIGRATE_IMAGE, added);
    const under = post(project.url, createThread('(slow) across an upgrade'));
    threads++;
    await project.writer();
    project.set(NEXT);
    await project.compose('run', '--rm', 'migrate');
    const gap = watchGap(`${project.url}/health/ready`);
    await project.compose('up', '-d', '--wait', '--scale', 'worker=3');
    process.stdout.write(`containers · an upgrade with one API: no answer for ${await gap.stop()} ms\n`);
    // Its stream ends with the API before, if the answer does not end earlier.
    const cut = await under;
    expect(cut.status).toBe(200);
    const threadId = threadIdOf(cut);
    expect(await columnsCalled('of_the_next')).toBe('1');
    expect(await versions()).toEqual(['9.9.9', '9.9.9', '9.9.9', '9.9.9']);
    await until('the answer is complete', 60_000, async () => (await answersOf(threadId)).length > 0);
    expect(await answersOf(threadId)).toHaveLength(1);
    expect(await threadCount()).toBe(threads);
  });

  it('a migration that fails leaves the version before serving, and can be told to be over', async () => {
    const name = '20991231235959_failing';
    await project.derive(FAILING, NEXT.RELAY_MIGRATE_IMAGE, migration(name, 'SELECT 1 / 0;'));
    const before = await project.ids('api');
    project.set({ RELAY_MIGRATE_IMAGE: FAILING });
    await expect(project.compose('run', '--rm', 'migrate')).rejects.toMatchObject({
      stderr: expect.stringContaining('division by zero'),
    });
    expect(await project.ids('api')).toEqual(before);
    expect((await fetch(`${project.url}/health/ready`)).status).toBe(200);
    expect((await chat('The version before goes on')).text).not.toBe('');
    const prisma = ['node', 'node_modules/prisma/build/index.js', 'migrate', 'resolve', '--rolled-back', name];
    await project.compose('run', '--rm', 'migrate', ...prisma);
    project.set(NEXT);
    await project.compose('run', '--rm', 'migrate');
  });

  it('the version before comes back on the database of the one after it, with one worker instead of three', async () => {
    project.set(IMAGES);
    await project.compose('up', '-d', '--wait', '--scale', 'worker=1');
    expect(await versions()).not.toContain('9.9.9');
    expect(await project.ids('worker')).toHaveLength(1);
    expect((await chat('Back again')).text).not.toBe('');
    expect(await columnsCalled('of_the_next')).toBe('1');
  });

  it('`down` and `up` keep everything', async () => {
    await project.compose('down');
    await project.compose('up', '-d', '--wait');
    expect(await threadCount()).toBe(threads);
    expect((await chat('And again')).text).not.toBe('');
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
