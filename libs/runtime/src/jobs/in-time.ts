import { answerWithin } from '../platform/answer-within.js';

/** BullMQ gives no answer while its store is away; nobody here waits longer than this. */
const ANSWER_TIMEOUT_MS = 3_000;

/** A queue's answer, or a rejection when it does not come in time. */
export const inTime = <T>(answer: Promise<T>): Promise<T> => answerWithin(ANSWER_TIMEOUT_MS, 'The queue', answer);
