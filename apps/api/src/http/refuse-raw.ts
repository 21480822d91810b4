import type { Socket } from 'node:net';

interface RawRefusal {
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

/** What Node refuses before there is a request. */
const REFUSALS: Readonly<Record<string, RawRefusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'request.timeout',
    message: 'The headers of the request did not arrive in time (limit headers.time).',
  },
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'request.headers_too_large',
    message: 'The address and the headers of a request may have 16 KB together (limit headers).',
  },
};

const MALFORMED: RawRefusal = {
  status: '400 Bad Request',
  code: 'request.malformed',
  message: 'This is not a valid HTTP request.',
};

/** The refusal of a body that does not come. */
export const BODY_TOO_SLOW: RawRefusal = {
  status: '408 Request Timeout',
  code: 'request.timeout',
  message: 'The body of the request did not arrive in time (limits.requests.stallSeconds).',
};

/** Answers what Node could not read as a request, in the format of all errors, and closes the connection. */
export function refuseUnread(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  refuseRaw(socket, REFUSALS[error.code ?? ''] ?? MALFORMED);
}

/** Answers on the connection itself, past every layer above it, and closes it. */
export function refuseRaw(socket: Socket, { status, code, message }: RawRefusal): void {
  const body = JSON.stringify({ error: { code, message } });
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
