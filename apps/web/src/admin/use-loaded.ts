import { useCallback, useEffect, useState } from 'react';
import { AdminError, ask, reasonOf } from './api.js';

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: string | undefined;
  readonly reload: () => void;
}

/**
 * What the server answers at a path, asked again every `everyMs` while the page is visible. The data of another path is never shown.
 * A session that has ended is announced by {@link SIGNED_OUT}.
 */
export function useLoaded<T>(path: string, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ readonly path: string; readonly data?: T; readonly error?: string }>({ path });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const data = await ask<T>(path, { signal: gone.signal });
        setState({ path, data });
      } catch (error) {
        if (gone.signal.aborted) return;
        if (error instanceof AdminError && error.status === 401) dispatchEvent(new Event(SIGNED_OUT));
        // What was there before is still the best that is known.
        setState((before) => ({ ...(before.path === path && before), path, error: reasonOf(error) }));
      }
    };
    void load();
    const timer =
      everyMs === undefined
        ? undefined
        : setInterval(() => document.visibilityState === 'visible' && void load(), everyMs);
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [path, everyMs, asked]);
  const reload = useCallback(() => setAsked((before) => before + 1), []);
  const isOurs = state.path === path;
  return { data: isOurs ? state.data : undefined, error: isOurs ? state.error : undefined, reload };
}

/** The event by which a part of the page says that the session has ended. */
export const SIGNED_OUT = 'admin-signed-out';
