import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** Injected by the debugger, which the page's policy does not concern. */
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** What is good practice only, and what each page may decide otherwise, is not asked for. */
const OPTIONS = JSON.stringify({
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
});

/** Colours within a transition are nobody's choice. One that is cancelled is over, too. */
const AT_REST = `Promise.allSettled(
  document.getAnimations().filter((one) => one instanceof CSSTransition).map(({ finished }) => finished),
).then(() => undefined)`;

/** Throws if axe finds a serious or critical fault in the page when its transitions are over; `state` names it in the message. */
export async function assertAccessible(page: Page, state: string): Promise<void> {
  await page.evaluate(AT_REST);
  await page.evaluate(AXE);
  const found = await page.evaluate<readonly Violation[]>(`axe.run(document, ${OPTIONS}).then((r) => r.violations)`);
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  if (serious.length === 0) return;
  const lines = serious.flatMap(({ id, help, nodes }) => [
    `${id}: ${help}`,
    ...nodes.slice(0, 5).map(({ target, failureSummary }) => `  ${target.join(' ')}: ${failureSummary}`),
  ]);
  throw new Error(`${state} has faults of accessibility:\n${lines.join('\n')}`);
}
