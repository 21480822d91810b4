/**
 * The kind of client that reads a stream.
 * - `client`: a ChatKit client that closes the connection to stop the answer, as the protocol has it [CX-1]
 * - `shim`: a client whose request announced the fetch shim, which sends a separate request to stop
 * - `follower`: a client that follows a run by its id, which another request has started
 * - `gatewayCaller`: the caller of a completion, its only reader, who cannot follow it again
 */
export type ReaderKind = 'client' | 'shim' | 'follower' | 'gatewayCaller';

/** A stream that is over for its reader before its run has ended. */
export interface Disconnect {
  readonly reader: ReaderKind;
  /**
   * No other reader follows the run, in any process. A process that was killed counts as a reader for another minute.
   */
  readonly wasLastReader: boolean;
  /** This process has received its stop signal. */
  readonly isShuttingDown: boolean;
}

/** What happens to the run. */
export type Decision = 'stop' | 'continue';

/** The header that announces the shim. */
export const SHIM_HEADER = 'chatkit-relay-client';

/**
 * The only place that decides what happens to a run when a reader has gone. For the shim and for followers it is a broken
 * connection: the run continues and can be followed again. For other clients it is the stop button, except that during a
 * shutdown their turns continue, too. A completion is always stopped, also when this process ends its stream to shut down:
 * the model would work for no reader.
 */
export function onDisconnect({ reader, wasLastReader, isShuttingDown }: Disconnect): Decision {
  switch (reader) {
    case 'client':
      return wasLastReader && !isShuttingDown ? 'stop' : 'continue';
    case 'shim':
    case 'follower':
      return 'continue';
    case 'gatewayCaller':
      return 'stop';
    default:
      return reader satisfies never;
  }
}
