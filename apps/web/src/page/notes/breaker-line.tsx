import { useEffect, useState } from 'react';
import { texts } from '../../i18n/texts.js';
import type { OpenBreaker } from '../../protocol/thread-requests.js';

const SECOND_MS = 1_000;

const secondsUntil = (time: number): number => Math.max(0, Math.ceil((time - Date.now()) / SECOND_MS));

/** Counts down to when the model is asked again. */
export function BreakerLine({ breaker: { model, openUntil } }: { readonly breaker: OpenBreaker }) {
  const [seconds, setSeconds] = useState(() => secondsUntil(openUntil));
  useEffect(() => {
    const timer = window.setInterval(() => {
      const left = secondsUntil(openUntil);
      setSeconds(left);
      if (left === 0) window.clearInterval(timer);
    }, SECOND_MS);
    return () => window.clearInterval(timer);
  }, [openUntil]);
  return seconds > 0 ? texts.core.breakerOpen(model, seconds) : texts.core.breakerOver(model);
}
