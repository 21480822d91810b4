import { RequestError } from '../protocol/client.js';

/** Texts for refused requests, by status; 0 is a server that was not reached. */
const BY_STATUS: Readonly<Record<number, string>> = {
  0: 'The server cannot be reached. Check your connection, then try again.',
  401: 'You are not signed in. Sign in, then reload this page.',
  403: 'You do not have permission to do that.',
  404: 'This conversation no longer exists.',
  413: 'The message is too long for this server.',
  429: 'Too many messages at once. Wait a moment, then try again.',
  501: 'This server does not support that yet.',
  503: 'The server cannot take messages right now. Wait a moment, then try again.',
};

/** Refusals whose message from the server is written for people. */
const HAS_SERVER_TEXT = new Set([400, 409, 422]);

export function errorText(error: unknown): string {
  if (!(error instanceof RequestError)) return 'Something went wrong on this page.';
  const known = BY_STATUS[error.status];
  if (known) return known;
  if (HAS_SERVER_TEXT.has(error.status) && error.message) return error.message;
  return 'Something went wrong on the server.';
}

export const texts = {
  failed: 'Something went wrong while the answer was being written.',
  notSent: 'Stopped before the message was sent.',
  stoppedEarly: 'Stopped before the answer began.',
  unanswered: 'There is no answer to this message yet.',
  connectionLost: 'The connection was lost while this answer was being written. This is the part that was saved.',
  connectionLostEarly: 'The connection was lost before the answer had begun.',
  gone: 'That conversation no longer exists. This is a new one.',
} as const;
