import type { PageConfig } from '../protocol/page-config.js';
import type { Sleep } from './recover.js';

/**
 * Between two looks: of the operator and of whoever has a conversation open, who are told within 5 s (the API knows 3.5 s after the
 * last worker was killed); of everybody else; and while nobody answers.
 */
const SOON_MS = 1_250;
const OTHERS_MS = 30_000;
const UNSERVED_MS = 5_000;

interface ServerWatchDeps {
  readonly configNow: () => Promise<PageConfig>;
  /** Whether anybody looks at the page. */
  readonly isVisible: () => boolean;
  /** Whether there is a conversation on it. */
  readonly isOpen: () => boolean;
  readonly sleep: Sleep;
  readonly onConfig: (config: PageConfig) => void;
}

/** Looks again and again whether any worker answers, also while nothing is asked. Does not resolve. */
export async function watchServer({ configNow, isVisible, isOpen, sleep, onConfig }: ServerWatchDeps): Promise<never> {
  let last: PageConfig | undefined;
  let waited = 0;
  for (;;) {
    await sleep(SOON_MS);
    waited += SOON_MS;
    if (!isVisible() || waited < pauseAfter(last, isOpen())) continue;
    waited = 0;
    // Without an answer, what was known last holds.
    const config = await configNow().catch(() => undefined);
    if (!config) continue;
    last = config;
    onConfig(config);
  }
}

function pauseAfter(last: PageConfig | undefined, isOpen: boolean): number {
  if (!last || last.local) return SOON_MS;
  if (!last.ready) return UNSERVED_MS;
  return isOpen ? SOON_MS : OTHERS_MS;
}
