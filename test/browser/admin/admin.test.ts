import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createThread, post, until } from '../../support/chat.js';
import { chromiumMissing, screenshotFolder, useChromium } from '../../support/chromium.js';
import { useRelay } from '../../support/relay.js';
import { assertAccessible } from '../axe.js';
import { assertQuiet, newVisit, type Visit } from '../chat-page.js';
import { act, ADMIN_TOKEN, openRunOf, rows, signIn } from './admin-visit.js';

const CONFIG = join(import.meta.dirname, 'admin.config.yaml');
const WORDS = 'words-of-a-person';
const SIZES = { wide: { width: 1280, height: 860 }, phone: { width: 360, height: 740 } } as const;

/** What an earlier try of a test has left is not this one's. */
const newUser = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

async function look(visit: Visit, name: string): Promise<void> {
  await assertAccessible(visit.page, name);
  const overflow = await visit.page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect({ name, overflow }).toEqual({ name, overflow: 0 });
  if (!screenshotFolder) return;
  mkdirSync(screenshotFolder, { recursive: true });
  await visit.page.screenshot({
    path: join(screenshotFolder, `admin-${name.replaceAll(' ', '-')}.png`),
    fullPage: true,
  });
}

describe.skipIf(chromiumMissing)('the administration in a browser', () => {
  const browser = useChromium();
  const relay = useRelay('redis', { variables: { ADMIN_TOKEN, CHATKIT_CONFIG: CONFIG } });

  beforeAll(async () => {
    await post(relay.url, createThread(`${WORDS} (tokens=3)`), { user: 'ada' });
    await post(relay.url, createThread(`${WORDS} (fail)`), { user: 'grace' });
  }, 60_000);

  const signedIn = (options = {}): Promise<Visit> => signIn(browser, relay.url, options);

  it('lets in with the token only, and out again', async () => {
    const visit = await newVisit(browser, relay.url);
    const { page } = visit;
    await page.goto('/admin');
    await page.getByLabel('Administrator token').fill('not-the-token-at-all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await look(visit, 'sign in');
    await page.getByLabel('Administrator token').fill(ADMIN_TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await rows(visit).first().waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    await rows(visit).first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You have signed out.').waitFor();
    await page.reload();
    await page.getByLabel('Administrator token').waitFor();
    expect(visit.foreign).toEqual([]);
    await visit.context.close();
  });

  it('lists runs, filters them, and tells the story of one that failed', async () => {
    const visit = await signedIn();
    const { page } = visit;
    await until('both runs', 5_000, async () => (await rows(visit).count()) === 2);
    await page.getByLabel('State').selectOption('Failed');
    await until('one run', 5_000, async () => (await rows(visit).count()) === 1);
    expect(new URL(page.url()).search).toBe('?state=failed');
    await page.goBack();
    await until('both runs again', 5_000, async () => (await rows(visit).count()) === 2);
    await page.getByLabel('Search').fill('grace');
    await page.getByLabel('Search').press('Enter');
    await until('that of grace', 5_000, async () => (await rows(visit).count()) === 1);
    expect(await rows(visit).innerText()).toMatch(/failed[\s\S]*provider\.[\s\S]*grace/);
    expect(await page.evaluate('document.activeElement.name')).toBe('q');
    await rows(visit).getByRole('link').click();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
    expect(await page.title()).toMatch(/^run_.* · ChatKit Relay$/);
    const story = await page.getByRole('list').filter({ hasText: 'Admitted' }).innerText();
    expect(story.replaceAll(/\s+/g, ' ')).toMatch(
      /Admitted .*Queued .*Claimed by a worker .*Model call .*failed.*Settled failed/,
    );
    expect(await page.getByRole('region', { name: 'Failure' }).innerText()).toMatch(/^provider\./);
    const job = page.getByRole('link', { name: /^run_.*-1$/ });
    expect(await job.getAttribute('href')).toMatch(/^\/admin\/queues\/queue\/run-turn\/run_/);
    expect(await page.content()).not.toContain(WORDS);
    assertQuiet(visit);
    await visit.context.close();
  });

  it('stops a run that is working, and closes its conversation', async () => {
    const visit = await signedIn();
    const { page } = visit;
    const user = newUser('slow');
    const answer = post(relay.url, createThread('(tokens=2000) (delay=50)'), { user });
    await page.getByLabel('State').selectOption('Live');
    await rows(visit).getByRole('link').click({ timeout: 10_000 });
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Its user sees that it was stopped').waitFor();
    await look(visit, 'before a stop');
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('stopped', { exact: true }).waitFor({ timeout: 10_000 });
    await page.getByRole('button', { name: 'Answer again' }).waitFor();
    await page.getByLabel('The conversation is').selectOption('closed');
    await page.getByLabel('Reason shown to the user').fill('Moved');
    await page.getByRole('button', { name: 'Save' }).click();
    const statusOf = async () => {
      const [thread] = await relay.query<{ status: object }>('SELECT status FROM threads WHERE owner_id = $1', [user]);
      return thread?.status;
    };
    await expect.poll(statusOf, { timeout: 5_000 }).toEqual({ type: 'closed', reason: 'Moved' });
    await answer;
    assertQuiet(visit);
    await visit.context.close();
  });

  it('takes a run from a worker that is stuck, and another attempt begins', async () => {
    const visit = await signedIn();
    const { page } = visit;
    const user = newUser('stuck');
    const answer = post(relay.url, createThread('(tokens=2000) (delay=50)'), { user });
    const working = () => relay.query('SELECT 1 FROM runs WHERE owner_id = $1 AND state = $2', [user, 'working']);
    await expect.poll(working, { timeout: 10_000 }).toHaveLength(1);
    await openRunOf(visit, user);
    await act(visit, 'Release');
    const story = page.getByRole('list').filter({ hasText: 'Admitted' });
    await story.getByText('released by an administrator').waitFor({ timeout: 10_000 });
    await expect.poll(() => story.getByText('Claimed by a worker').count(), { timeout: 10_000 }).toBe(2);
    await act(visit, 'Stop');
    await page.getByText('stopped', { exact: true }).waitFor({ timeout: 10_000 });
    await answer;
    assertQuiet(visit);
    await visit.context.close();
  });

  it('has a message answered again, and goes to the run that does it', async () => {
    const visit = await signedIn();
    const { page } = visit;
    const user = newUser('failing');
    await post(relay.url, createThread('(fail)'), { user });
    await openRunOf(visit, user);
    const first = page.url();
    await act(visit, 'Answer again');
    await page.waitForURL((url) => url.href !== first);
    const runs = await relay.query<{ id: string }>('SELECT id FROM runs WHERE owner_id = $1 ORDER BY created_at', [
      user,
    ]);
    expect(runs.map(({ id }) => `/admin/runs/${id}`)).toEqual([new URL(first).pathname, new URL(page.url()).pathname]);
    await page.getByRole('region', { name: 'Failure' }).waitFor({ timeout: 10_000 });
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('row').filter({ hasText: 'run.retry' }).first().waitFor();
    assertQuiet(visit);
    await visit.context.close();
  });

  it('opens a breaker by hand and closes it', async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.getByRole('link', { name: 'Providers' }).click();
    await page.getByRole('button', { name: 'Open the breaker of demo/demo' }).click();
    await page.getByText('opened by hand').waitFor();
    await page.getByRole('button', { name: 'Close the breaker of demo/demo' }).click();
    await page.getByRole('button', { name: 'Open the breaker of demo/demo' }).waitFor();
    await page.getByRole('link', { name: 'Audit log' }).click();
    const actions = page.getByRole('rowheader', { name: /^breaker/ });
    await actions.nth(1).waitFor();
    // The newest first.
    expect((await actions.allInnerTexts()).slice(0, 2)).toEqual(['breaker.close', 'breaker.open']);
    assertQuiet(visit);
    await visit.context.close();
  });

  it('shows how far the limits are used, and who uses most', async () => {
    const visit = await signedIn();
    const { page } = visit;
    const user = newUser('busy');
    const answer = post(relay.url, createThread('(tokens=2000) (delay=50)'), { user });
    await page.getByRole('link', { name: 'Limits', exact: true }).click();
    const rowOf = (table: string, name: string) =>
      page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: name });
    const calls = rowOf('Limits of calls, by provider and model', 'demo');
    await calls.getByRole('meter', { name: '1 of 20' }).waitFor({ timeout: 15_000 });
    expect(await calls.innerText()).toMatch(/6,000\s+[\d,]+ free now\s+1,000,000\s+[\d,]+ free now/);
    await rowOf('Users with the most open runs', `default / ${user}`).getByText('1 of 10').waitFor();
    const quota = rowOf('Quotas, the fullest first', `default / ${user}`);
    await quota.getByRole('meter', { name: /^1,0\d\d of 50,000$/ }).waitFor();
    await rowOf('Attachments that workers hold for turns', 'wrk_').getByText('0 MB of').waitFor({ timeout: 10_000 });
    await quota.getByRole('link').click();
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    expect(new URL(page.url()).search).toBe(`?tenant=default&user=${user}`);
    await rows(visit).getByRole('link').click();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
    await answer;
    assertQuiet(visit);
    await visit.context.close();
  });

  it('draws usage and costs by day, by model and by user, and tells the numbers by keyboard', async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.getByRole('link', { name: 'Usage', exact: true }).click();
    const chart = (title: string) => page.getByRole('figure').filter({ hasText: title });
    for (const title of ['Tokens', 'Costs'].flatMap((what) => ['day', 'model', 'user'].map((by) => `${what} by ${by}`)))
      await chart(title).locator('.w-bar').first().waitFor();
    const users = chart('Tokens by user');
    await users.getByRole('group').press('ArrowRight');
    for (let day = 1; day < 7; day++) await users.getByRole('group').press('ArrowRight');
    const told = await users.getByRole('status').innerText();
    const { users: used } = await page.evaluate<{
      users: { user: string; input_tokens: number; output_tokens: number }[];
    }>(`fetch('/admin/api/usage').then((response) => response.json())`);
    // The chart names those who use most, whoever they are by now.
    const [most] = used
      .map((one) => ({ user: one.user, tokens: one.input_tokens + one.output_tokens }))
      .toSorted((a, b) => b.tokens - a.tokens);
    const number = new Intl.NumberFormat('en').format(most?.tokens ?? 0);
    expect(told.replaceAll(/\s+/g, ' ')).toContain(`default / ${most?.user} ${number}`);
    assertQuiet(visit);
    await visit.context.close();
  });

  it.each([
    ['light', 'wide'],
    ['dark', 'phone'],
  ] as const)('can be read by everybody in the %s on a %s screen', async (colorScheme, size) => {
    const visit = await signedIn({ colorScheme, viewport: SIZES[size] });
    const { page } = visit;
    const named = (what: string): string => `${what} ${colorScheme} ${size}`;
    await rows(visit).first().waitFor();
    await look(visit, named('runs'));
    await rows(visit).getByRole('link').last().click();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await look(visit, named('run'));
    for (const view of ['Workers', 'Providers', 'Limits', 'Usage', 'Audit log']) {
      await page.getByRole('link', { name: view, exact: true }).click();
      await page.getByRole('table').first().waitFor();
      if (view === 'Usage') await page.locator('.w-bar').first().waitFor();
      await look(visit, named(view.toLowerCase()));
    }
    const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'light' ? 'rgb(251, 250, 248)' : 'rgb(23, 25, 27)');
    assertQuiet(visit);
    await visit.context.close();
  });
});
