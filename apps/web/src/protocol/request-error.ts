/** A request that the server refused, or that did not reach it: `status` is 0 then. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly status: number,
    message: string,
    /** The server's word for what is wrong, such as `attachment.quota`. */
    readonly code?: string | undefined,
  ) {
    super(message);
  }
}
