/** `component`: its script; `mixed`: an HTTP server on an HTTPS page; `no_relay`: another server; `unreachable`: none. */
type ProblemCode = 'component' | 'mixed' | 'no_relay' | 'unreachable';

/** Why there is no chat on this page; the message says what to do about it, to the developer. */
export class ConnectionProblem extends Error {
  override readonly name = 'ConnectionProblem';

  constructor(
    readonly code: ProblemCode,
    message: string,
  ) {
    super(message);
  }
}
