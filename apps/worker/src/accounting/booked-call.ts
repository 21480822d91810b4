import type { ModelAttempt, ModelCall, ModelCaller } from '#providers';

/** The caller on whose behalf models are called, and where each model attempt is booked. */
export interface Booking {
  readonly caller: ModelCaller;
  readonly record?: (attempt: ModelAttempt) => void;
  /** Beside what the person has asked for, such as a title. */
  readonly isBackground?: boolean;
  /** Who sees what providers send; see `frameLogger`. */
  readonly onFrame?: ModelCall['onFrame'];
  /** Who follows each request; see `RunTrace`. */
  readonly observe?: ModelCall['observe'];
}

/** The call with its caller, and with where its usage is reported. Every model call of a worker is made this way. */
export const bookedCall = (
  call: ModelCall,
  { caller, record, isBackground, onFrame, observe }: Booking,
): ModelCall => ({
  ...call,
  caller,
  ...(record && { report: record }),
  ...(isBackground && { isBackground }),
  ...(onFrame && { onFrame }),
  ...(observe && { observe }),
});
