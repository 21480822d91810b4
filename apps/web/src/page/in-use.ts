/** For so long after the last sign of it the page counts as in use. */
const LASTS_MS = 5_000;

/** Signs that somebody is about to ask something: a field is chosen, or written in. */
const SIGNS = ['focusin', 'input'] as const;

/** Whether somebody is using the page, and not only has it open. */
export function watchUse(page: EventTarget, now: () => number = Date.now): () => boolean {
  let until = 0;
  for (const sign of SIGNS) page.addEventListener(sign, () => (until = now() + LASTS_MS));
  return () => now() < until;
}
