import type { Browser, Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { chromiumMissing, useChromium } from '../support/chromium.js';
import { useProvider } from '../support/provider.js';
import { type Relay, useRelay } from '../support/relay.js';
import { assertQuiet, ChatPage, newVisit } from './chat-page.js';

// A hundred pages of items are read and drawn one after the other.
vi.setConfig({ testTimeout: 240_000 });

const ITEMS = 2_000;
/** Of the main thread, in processor time: that of other processes and of marking the heap is not in it. */
const LONGEST_TASK_MS = 100;
/** What a frame may touch when an answer begins, however many items there are: the chunks in view, and the rest of the page. */
const ELEMENTS_IN_VIEW = 1_200;
const ANSWER = `A **queue** hands each message to *one* consumer.

| | Queue | Log |
|---|---|---|
| Delivery | once | to every reader |

\`\`\`ts
for await (const entry of log.readAfter(runId, cursor)) socket.write(entry.frames);
\`\`\`

This is item `;

/** Questions and answers before the one turn that the thread has. */
const fill = (relay: Relay, threadId: string | null) =>
  relay.query(
    `INSERT INTO items (thread_id, tenant_id, owner_id, id, position, turn, type, payload, created_at)
     SELECT thread_id, tenant_id, owner_id, 'msg_' || n, n - $2, n - $2 - 1 + n % 2,
            CASE WHEN n % 2 = 1 THEN 'user_message' ELSE 'assistant_message' END,
            CASE WHEN n % 2 = 1 THEN json_build_object('type', 'user_message', 'attachments', json_build_array(),
                'inference_options', '{}'::json,
                'content', json_build_array(json_build_object('type', 'input_text', 'text', 'Question ' || n)))
              ELSE json_build_object('type', 'assistant_message', 'content', json_build_array(
                json_build_object('type', 'output_text', 'text', $3 || n, 'annotations', json_build_array())))
            END,
            created_at - interval '1 hour'
     FROM (SELECT * FROM items WHERE thread_id = $1 LIMIT 1) AS one, generate_series(1, $2::int) AS n`,
    [threadId, ITEMS - 2, ANSWER],
  );

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string; readonly elementCount?: number };
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds of processor time. */
  readonly tdur?: number;
}

interface Work {
  readonly longestTaskMs: number;
  /** The most elements whose style was computed at once. */
  readonly restyled: number;
}

const CATEGORIES = ['-*', 'disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'];
/** V8 marks the heap in another thread, and on the main thread where a busy machine gives that one too little time. */
const MARKING = 'V8.GC_MC_INCREMENTAL';

/** What the page's main thread has to do while something is done, from the browser's own trace. */
async function workOf(browser: Browser, page: Page, act: () => Promise<void>): Promise<Work> {
  // A first try that ran out of time may have left one.
  await browser.stopTracing().catch(() => undefined);
  await browser.startTracing(page, { categories: CATEGORIES });
  const trace = await act().then(
    () => browser.stopTracing(),
    async (error: unknown) => {
      await browser.stopTracing();
      throw error;
    },
  );
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
  );
  const named = (name: string) => traceEvents.filter((event) => event.name === name && main.has(threadOf(event)));
  const markings = named(MARKING);
  const workIn = (task: TraceEvent): number => {
    const isInside = (event: TraceEvent): boolean =>
      threadOf(event) === threadOf(task) && event.ts >= task.ts && event.ts < task.ts + (task.dur ?? 0);
    return markings.filter(isInside).reduce((rest, { tdur = 0 }) => rest - tdur, task.tdur ?? 0);
  };
  const tasks = named('RunTask');
  const restyles = named('UpdateLayoutTree');
  expect(tasks.length).toBeGreaterThan(10);
  expect(restyles.length).toBeGreaterThan(0);
  return {
    longestTaskMs: Math.max(...tasks.map(workIn)) / 1_000,
    restyled: Math.max(...restyles.map(({ args }) => args.elementCount ?? 0)),
  };
}

/**
 * Here and below by selectors and functions of the page: a search by role or by label would itself be a long task among so many
 * items, on the page's own thread.
 */
const entries = (page: Page): Promise<number> => page.evaluate<number>(`document.querySelectorAll('.entry').length`);

/** Collects the entries in which anything of the document changes from now on. */
const WATCH_ENTRIES = `
  window.changed = new Set();
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      for (const node of [target, ...addedNodes]) {
        const entry = (node.closest ? node : node.parentElement)?.closest('.entry');
        if (entry) changed.add(entry);
      }
    }
  }).observe(document.querySelector('.transcript'), { subtree: true, childList: true, characterData: true, attributes: true });
`;

const untilTrue = (page: Page, condition: string): Promise<void> =>
  page.evaluate(`(async () => {
    while (!(${condition})) await new Promise((resolve) => setTimeout(resolve, 50));
  })()`);

const lastEntryHas = (page: Page, text: string): Promise<void> =>
  untilTrue(page, `[...document.querySelectorAll('.entry')].at(-1)?.textContent.includes('${text}')`);

/** Goes to the first item that is loaded, until there are this many. Returns by how much the view has moved meanwhile. */
async function scrollUp(page: Page, until: number): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const scroller = document.querySelector('.transcript');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const count = () => document.querySelectorAll('.entry').length;
    let moved = 0;
    while (count() < ${until}) {
      const before = count();
      const first = document.querySelector('.entry');
      scroller.scrollTop = 0;
      await frame();
      const top = first.getBoundingClientRect().top;
      while (count() === before) await frame();
      await frame();
      moved = Math.max(moved, Math.abs(first.getBoundingClientRect().top - top));
    }
    return moved;
  })()`);
}

describe.skipIf(chromiumMissing)('a conversation of 2,000 items', () => {
  const browser = useChromium();
  const provider = useProvider();
  const relay = useRelay('redis', { provider, variables: { AUTH_MODE: 'none' } });

  it('opens, scrolls and is answered without a long task', async () => {
    const visit = await newVisit(browser, relay.url, { reducedMotion: 'reduce' });
    const { page } = visit;
    const chat = await new ChatPage(page).open();
    await provider.script([{ text: 'The last answer.' }]);
    await chat.ask('The last question');
    await fill(relay, await chat.rememberedThread());
    const work = (act: () => Promise<void>): Promise<Work> => workOf(browser, page, act);

    const opening = await work(async () => {
      await page.reload();
      await lastEntryHas(page, 'The last answer.');
    });
    expect(await entries(page)).toBeLessThan(100);
    expect(await page.getByText('The last answer.').isVisible()).toBe(true);
    expect(opening.longestTaskMs).toBeLessThan(LONGEST_TASK_MS);

    const scrolling = await work(async () => {
      expect(await scrollUp(page, ITEMS)).toBeLessThan(2);
    });
    // What is out of view has no inner text.
    expect(await page.locator('.entry').first().textContent()).toContain('Question 1');
    expect(scrolling.longestTaskMs).toBeLessThan(LONGEST_TASK_MS);

    const deltas = Array.from({ length: 60 }, (_, index) => `word${index} `);
    await provider.script([{ text: deltas.join(''), deltas, delay_ms: 20 }]);
    const answering = await work(async () => {
      await page.evaluate(`document.querySelector('.transcript').scrollTop = 1e9`);
      await page.evaluate(WATCH_ENTRIES);
      await page.evaluate(`document.querySelector('#message').focus()`);
      await page.keyboard.insertText('One more');
      await page.keyboard.press('Enter');
      await lastEntryHas(page, 'word59');
      await untilTrue(page, `document.querySelector('.column').getAttribute('aria-busy') === 'false'`);
    });
    expect(await entries(page)).toBe(ITEMS + 2);
    // The question, the answer, and at most the answer before them: of 2,000 others nothing is drawn again.
    expect(await page.evaluate<number>('changed.size')).toBeLessThanOrEqual(3);
    expect(answering.restyled).toBeLessThan(ELEMENTS_IN_VIEW);
    expect(answering.longestTaskMs).toBeLessThan(LONGEST_TASK_MS);
    await visit.context.close();
    assertQuiet(visit);
  });
});
