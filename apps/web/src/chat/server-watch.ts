import type { PageConfig } from '../protocol/page-config.js';
import type { Sleep } from './recover.js';

/**
 * Between two looks: of the operator, who is told within 5 s (the API knows 3.5 s after the last worker was killed); of somebody who uses the
 * page, and so learns it before the message is sent; of everybody else, whose many open pages would cost the server more than they tell;
 * and while nobody answers.
 */
const SOON_MS = 750;
const IN_USE_MS = 3_000;
const OTHERS_MS = 30_000;
const UNSERVED_MS = 5_000;

interface ServerWatchDeps {
  readonly configNow: () => Promise<PageConfig>;
  /** Whether anybody looks at the page. */
  readonly isVisible: () => boolean;
  /** Whether somebody is about to ask something. */
  readonly isInUse: () => boolean;
  readonly sleep: Sleep;
  readonly onConfig: (config: PageConfig) => void;
}

/** Looks again and again whether any worker answers, also while nothing is asked. Does not resolve. */
export async function watchServer({ configNow, isVisible, isInUse, sleep, onConfig }: ServerWatchDeps): Promise<never> {
  let last: PageConfig | undefined;
  let waited = 0;
  for (;;) {
    await sleep(SOON_MS);
    waited += SOON_MS;
    if (!isVisible() || waited < pauseAfter(last, isInUse())) continue;
    waited = 0;
    // Without an answer, what was known last holds.
    const config = await configNow().catch(() => undefined);
    if (!config) continue;
    last = config;
    onConfig(config);
  }
}

function pauseAfter(last: PageConfig | undefined, isInUse: boolean): number {
  if (!last || last.local) return SOON_MS;
  if (isInUse) return IN_USE_MS;
  return last.ready ? OTHERS_MS : UNSERVED_MS;
}
