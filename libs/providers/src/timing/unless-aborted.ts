/**
 * The result of `work`, or the signal's reason: `graceMs` after the abort, code that does not heed it is left
 * behind, and its later result is dropped.
 */
export function unlessAborted<T>(signal: AbortSignal, work: PromiseLike<T> | T, graceMs = 0): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const leave = (): void => {
      timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    const forget = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    Promise.resolve(work).finally(forget).then(resolve, reject);
  });
}
