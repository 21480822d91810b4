import { useRef, useState } from 'react';
import { reasonOf } from './api.js';

interface Attempts {
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
  /** Does nothing while an attempt is under way: a second click repeats no request. */
  readonly attempt: (act: () => Promise<unknown>) => Promise<void>;
}

/** For what a person asks of the server by a button. */
export function useAttempt(): Attempts {
  const [problem, setProblem] = useState<string>();
  const isBusy = useRef(false);
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(reasonOf(error));
    } finally {
      isBusy.current = false;
    }
  };
  return { problem, attempt };
}
