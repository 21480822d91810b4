import { texts } from '../i18n/texts.js';
import { RequestError } from '../protocol/request-error.js';

/** Texts for refused requests, by status; 0 is a server that was not reached, 200 an answer of something else. */
function byStatus(status: number): string | undefined {
  const { core } = texts;
  const known: Readonly<Record<number, string>> = {
    0: core.unreachable,
    200: core.otherAnswer,
    401: core.notSignedIn,
    403: core.forbidden,
    404: core.noSuchConversation,
    413: core.tooLong,
    429: core.tooMany,
    501: core.notSupported,
    503: core.unavailable,
  };
  return known[status];
}

/** Refusals whose message from the server is written for people. */
const HAS_SERVER_TEXT = new Set([400, 409, 422]);

/** What the server says about its own request: words for the operator. */
export const causeOf = (error: unknown, isLocal: boolean): string | undefined =>
  isLocal && error instanceof Error && error.message !== '' ? error.message : undefined;

/** The same on one line, for places that have no more room. */
export function explain(error: unknown, isLocal: boolean): string {
  const text = errorText(error);
  const cause = causeOf(error, isLocal);
  return cause === undefined || cause === text ? text : `${text} ${texts.core.cause}: ${cause}`;
}

export function errorText(error: unknown): string {
  if (!(error instanceof RequestError)) return texts.core.pageFault;
  const { code, message, status } = error;
  // These name the file, whatever the status.
  if (code?.startsWith('attachment.') && message) return message;
  if (code === 'item.not_found') return texts.core.changed;
  const known = byStatus(status);
  if (known) return known;
  if (HAS_SERVER_TEXT.has(status) && message) return message;
  return texts.core.serverFault;
}
