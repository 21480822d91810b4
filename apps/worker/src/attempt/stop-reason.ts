/** Why a run's work ends before its answer does. */
export type StopReason = 'cancelled' | 'deadline' | 'lease_lost' | 'released' | 'shutdown';

/** The reason of an abort that this worker made; undefined when something else ended the work. */
export function stopReasonOf(signal: AbortSignal): StopReason | undefined {
  return signal.aborted ? (signal.reason as StopReason) : undefined;
}
