/**
 * Runs the tasks of one key one after another, in the order in which they came, and those of different keys side by side: whoever asks for
 * much takes one place of those that there are.
 */
export function oneForEach(): <Result>(key: string, task: () => Promise<Result>) => Promise<Result> {
  /** The last task of each key: resolves, and never rejects, when it is over. */
  const lastOf = new Map<string, Promise<void>>();
  return (key, task) => {
    const before = lastOf.get(key);
    const result = before ? before.then(task) : task();
    const over: Promise<void> = result
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (lastOf.get(key) === over) lastOf.delete(key);
      });
    lastOf.set(key, over);
    return result;
  };
}
