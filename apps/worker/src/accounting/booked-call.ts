import type { ModelAttempt, ModelCall, ModelCaller } from '#providers';

/** The caller on whose behalf models are called, and where each model attempt is booked. */
export interface Booking {
  readonly caller: ModelCaller;
  readonly record?: (attempt: ModelAttempt) => void;
}

/** The call with its caller, and with where its usage is reported. Every model call of a worker is made this way. */
export const bookedCall = (call: ModelCall, { caller, record }: Booking): ModelCall => ({
  ...call,
  caller,
  ...(record && { report: record }),
});
