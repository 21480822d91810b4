/** The conversation that the browser's address names. */
export interface Address {
  /** Undefined: a new one. */
  readonly threadId: string | undefined;
  /** A new entry in the browser's history: Back leads to where the person was. */
  go(threadId: string | undefined): void;
  /** Another name of the same place. */
  replace(threadId: string | undefined): void;
}
