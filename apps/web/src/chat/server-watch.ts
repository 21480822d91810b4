import type { PageConfig } from '../protocol/page-config.js';
import type { Sleep } from './recover.js';

/** Between two looks: of the operator, who wants to know at once, of everybody else, and while nobody answers. */
const OPERATOR_MS = 2_000;
const OTHERS_MS = 30_000;
const UNSERVED_MS = 5_000;

interface ServerWatchDeps {
  readonly configNow: () => Promise<PageConfig>;
  /** Whether anybody looks at the page. */
  readonly isVisible: () => boolean;
  readonly sleep: Sleep;
  readonly onConfig: (config: PageConfig) => void;
}

/** Looks again and again whether any worker answers, also while nothing is asked. Does not resolve. */
export async function watchServer({ configNow, isVisible, sleep, onConfig }: ServerWatchDeps): Promise<never> {
  let pause = OPERATOR_MS;
  for (;;) {
    await sleep(pause);
    // Without an answer, what was known last holds.
    const config = isVisible() ? await configNow().catch(() => undefined) : undefined;
    if (!config) continue;
    pause = pauseAfter(config);
    onConfig(config);
  }
}

function pauseAfter({ local, ready }: PageConfig): number {
  if (local) return OPERATOR_MS;
  return ready ? OTHERS_MS : UNSERVED_MS;
}
