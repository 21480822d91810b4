/** BullMQ gives no answer while its store is away; nobody here waits longer than this. */
const ANSWER_TIMEOUT_MS = 3_000;

/** An engine's answer, or a rejection when it does not come in time. */
export async function inTime<T>(answer: Promise<T>, withinMs = ANSWER_TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`There was no answer in ${withinMs} ms.`)), withinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
