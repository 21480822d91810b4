import type { Logger } from './logger.js';

/** Between two lines about the same. */
const EVERY_MS = 30_000;
/** Of different errors that are remembered. */
const MAX_KNOWN = 100;

/** `facts`: further fields of the line, such as the run that it happened to. */
export type OnError = (error: Error, facts?: object) => void;

/** What an error is about: ids and addresses in it make no difference. */
const subjectOf = ({ message }: Error): string => message.replaceAll(/[\d.:]+/g, '#').slice(0, 80);

/**
 * Passes an error on at once, and the same one again only after half a minute, with how many have come meanwhile: a server that
 * refuses everything would otherwise fill the log.
 */
export function sparingly(
  tell: (error: Error, untold: number, facts: object) => void,
  now: () => number = () => performance.now(),
): OnError {
  const known = new Map<string, { until: number; silent: number }>();
  return (error, facts = {}) => {
    const subject = subjectOf(error);
    const last = known.get(subject);
    if (last && now() < last.until) {
      last.silent += 1;
      return;
    }
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(subject, { until: now() + EVERY_MS, silent: 0 });
    tell(error, last?.silent ?? 0, facts);
  };
}

/** Warns of errors, of each kind once in half a minute. */
export const warnSparingly = (logger: Pick<Logger, 'warn'>, what: string): OnError =>
  sparingly((err, untold, facts) => logger.warn(fieldsOf(err, untold, facts), what));

/** The same for errors that somebody has to look at. */
export const errorSparingly = (logger: Pick<Logger, 'error'>, what: string): OnError =>
  sparingly((err, untold, facts) => logger.error(fieldsOf(err, untold, facts), what));

const fieldsOf = (err: Error, untold: number, facts: object): object => ({
  ...facts,
  err,
  ...(untold > 0 && { untold }),
});
