/** What a connection was, when it closed before its body had ended. */
export interface Disconnect {
  /** The request announced the fetch shim, which asks for a stop in words. */
  readonly announcedShim: boolean;
  /**
   * Nobody else follows the run, in any process. A process that died without a word counts as a reader for another
   * minute.
   */
  readonly wasLastReader: boolean;
  /** We closed it ourselves, to stop this process. */
  readonly serverStops: boolean;
}

/** The header by which the shim announces itself. */
export const SHIM_HEADER = 'chatkit-relay-client';

/**
 * The only place that knows what a closed socket means. For the shim it is a network that broke: the run goes on and
 * can be followed again. For everybody else it is the stop button, as the protocol has it (CX-1).
 */
export function onDisconnect({ announcedShim, wasLastReader, serverStops }: Disconnect): 'stop' | 'detach' {
  return announcedShim || serverStops || !wasLastReader ? 'detach' : 'stop';
}
