import { describe, expect, it } from 'vitest';
import { createThread, post } from '../../support/chat.js';
import { chromiumMissing, useChromium } from '../../support/chromium.js';
import { useRelay } from '../../support/relay.js';
import { assertQuiet } from '../chat-page.js';
import { ADMIN_TOKEN, openRunOf, signIn } from './admin-visit.js';

const WORDS = 'words-of-a-person';

describe.skipIf(chromiumMissing)('conversations in the administration, where it is allowed to read them', () => {
  const browser = useChromium();
  const relay = useRelay('postgres', { variables: { ADMIN_TOKEN, ADMIN_CONTENT: 'true' } });

  it('are shown when they are asked for, and each time is on record', async () => {
    await post(relay.url, createThread(`${WORDS} (tokens=3)`), { user: 'ada' });
    const visit = await signIn(browser, relay.url);
    const { page } = visit;
    await openRunOf(visit, 'ada');
    const runId = new URL(page.url()).pathname.split('/').at(-1);
    const show = page.getByRole('button', { name: 'Show messages (recorded in the audit log)' });
    await show.waitFor();
    expect(await page.content()).not.toContain(WORDS);
    const records = () => relay.query(`SELECT subject, actor FROM audit_log WHERE action = 'run.read'`);
    expect(await records()).toEqual([]);
    await show.click();
    await page.getByRole('figure').filter({ hasText: WORDS }).waitFor();
    await page.getByRole('figure').filter({ hasText: 'tok1 tok2 tok3' }).waitFor();
    expect(await records()).toEqual([{ subject: runId, actor: 'adminToken' }]);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'run.read' })
      .filter({ hasText: runId ?? '' })
      .waitFor();
    assertQuiet(visit);
    await visit.context.close();
  });
});
