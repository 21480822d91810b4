const TIMEOUT_MS = 2_000;

/** Whether a check has succeeded in time, and its value. Never the reason: an error's text may contain an address or a name. */
export interface CheckResult<T> {
  readonly ok: boolean;
  readonly value?: T;
}

export async function runCheck<T>(check: () => Promise<T>): Promise<CheckResult<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false }), TIMEOUT_MS);
  });
  const result = check().then(
    (value) => ({ ok: true, value }),
    () => ({ ok: false }),
  );
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}

/** As readiness reports it in public. */
export const stateOf = ({ ok }: Pick<CheckResult<unknown>, 'ok'>): 'ok' | 'unavailable' => (ok ? 'ok' : 'unavailable');
