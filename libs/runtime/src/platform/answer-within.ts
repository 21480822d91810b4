/** The store's reply, or a rejection that names the store when it does not arrive in time. */
export async function answerWithin<T>(withinMs: number, store: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${store} gave no answer in ${withinMs} ms.`)), withinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
