import { RequestError } from '../protocol/client.js';

/** What a person can be told about a refused request, by its status; 0 is a server that was not reached. */
const WORDS: Readonly<Record<number, string>> = {
  0: 'The server cannot be reached. Check the connection, then send it again.',
  401: 'You are not signed in. Sign in, then reload this page.',
  403: 'You may not do that.',
  404: 'This conversation is no longer there.',
  413: 'The message is too long for this server.',
  429: 'That was too much at once. Wait a moment, then send it again.',
  501: 'This server does not offer that yet.',
  503: 'The server cannot take messages right now. Wait a moment, then send it again.',
};

/** Refusals of which the server knows more than we do, and says it for people. */
const SERVER_KNOWS = new Set([400, 409, 422]);

export function wordsFor(error: unknown): string {
  if (!(error instanceof RequestError)) return 'Something went wrong on this page.';
  const known = WORDS[error.status];
  if (known) return known;
  if (SERVER_KNOWS.has(error.status) && error.message) return error.message;
  return 'Something went wrong on the server.';
}

export const say = {
  failed: 'Something went wrong while the answer was being written.',
  notSent: 'Stopped before the message was sent.',
  stoppedEarly: 'Stopped before the answer began.',
  unanswered: 'There is no answer to this message yet.',
  connectionLost: 'The connection was lost while this answer was being written. This is what was kept.',
  connectionLostEarly: 'The connection was lost before the answer had begun.',
  gone: 'That conversation is no longer there. Here is a new one.',
} as const;
