import type { ModelAttempt, ModelCall, ModelCaller } from '#providers';

/** For whom models are called, and where each call of a provider is booked. */
export interface Booking {
  readonly caller: ModelCaller;
  readonly record?: (attempt: ModelAttempt) => void;
}

/** The call, with for whom it is made and who is told what it came to. Every model call of a worker is made so. */
export const bookedCall = (call: ModelCall, { caller, record }: Booking): ModelCall => ({
  ...call,
  caller,
  ...(record && { report: record }),
});
