/** An answer of the provider that is an error, by HTTP or inside a stream. */
export class Failure extends Error {
  constructor({ status = 500, message, type, code = null, retry = false, cut = false, failed_only = false }) {
    // The status is in the text so that a product that forwards provider messages to its users is found out.
    super(message ?? `status ${status}: The server had an error while processing your request. Sorry about that!`);
    Object.assign(this, { status, retry, cut, failed_only });
    this.body = { message: this.message, type: type ?? typeOf(status), param: null, code };
  }
}

function typeOf(status) {
  if (status === 429) return 'rate_limit_exceeded';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
