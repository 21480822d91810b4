import { answerWithin } from '../platform/answer-within.js';

/** BullMQ does not reply while its store is unavailable; no caller waits longer than this. */
const ANSWER_TIMEOUT_MS = 3_000;

/** The queue's reply, or a rejection when it does not arrive in time. */
export const inTime = <T>(answer: Promise<T>): Promise<T> => answerWithin(ANSWER_TIMEOUT_MS, 'The queue', answer);
