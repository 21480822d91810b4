const TIMEOUT_MS = 2_000;

/** What was asked has answered in time, with `value`, or it has not. Never says why: an error's text may hold an address or a name. */
export interface Answered<T> {
  readonly ok: boolean;
  readonly value?: T;
}

export async function answerOf<T>(ask: () => Promise<T>): Promise<Answered<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answered<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false }), TIMEOUT_MS);
  });
  const answered = ask().then(
    (value) => ({ ok: true, value }),
    () => ({ ok: false }),
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

/** As readiness says it in public. */
export const stateOf = ({ ok }: Answered<unknown>): 'ok' | 'unavailable' => (ok ? 'ok' : 'unavailable');
