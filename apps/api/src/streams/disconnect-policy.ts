/** A connection that closed before its stream had ended. */
export interface Disconnect {
  /** The request announced the fetch shim, which asks for a stop by a request of its own. */
  readonly announcedShim: boolean;
  /**
   * Nobody else follows the run, in any process. A process that was killed counts as a reader for another minute.
   */
  readonly wasLastReader: boolean;
  /** We closed it ourselves, to stop this process. */
  readonly serverStops: boolean;
}

/** The header by which the shim announces itself. */
export const SHIM_HEADER = 'chatkit-relay-client';

/**
 * The only place that decides what a closed socket means. For the shim it is a broken connection: the run continues and can
 * be followed again. For everybody else it is the stop button, as the protocol has it (CX-1). A completion of the gateway
 * has one reader, its caller, who cannot come back: it is always stopped (`Disconnects.callerLeft`).
 */
export function onDisconnect({ announcedShim, wasLastReader, serverStops }: Disconnect): 'stop' | 'detach' {
  return announcedShim || serverStops || !wasLastReader ? 'detach' : 'stop';
}
