/** The same as `ask`, whose answer everybody gets for so many milliseconds from when it was asked. A failure is not kept. */
export function keptFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; readonly at: number } | undefined;
  return () => {
    if (kept && performance.now() - kept.at < ms) return kept.answer;
    const asked = { answer: ask(), at: performance.now() };
    kept = asked;
    asked.answer.catch(() => {
      if (kept === asked) kept = undefined;
    });
    return asked.answer;
  };
}
