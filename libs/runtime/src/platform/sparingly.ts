import type { Logger } from './logger.js';

/** Between two lines about the same. */
const EVERY_MS = 30_000;
/** Of different errors that are remembered. */
const MAX_KNOWN = 100;

/** What an error is about: ids and addresses in it make no difference. */
const subjectOf = ({ message }: Error): string => message.replaceAll(/[\d.:]+/g, '#').slice(0, 80);

/**
 * Passes an error on at once, and the same one again only after half a minute, with how many have come meanwhile: a server that
 * refuses everything would otherwise fill the log.
 */
export function sparingly(
  tell: (error: Error, untold: number) => void,
  now: () => number = () => performance.now(),
): (error: Error) => void {
  const known = new Map<string, { until: number; silent: number }>();
  return (error) => {
    const subject = subjectOf(error);
    const last = known.get(subject);
    if (last && now() < last.until) {
      last.silent += 1;
      return;
    }
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(subject, { until: now() + EVERY_MS, silent: 0 });
    tell(error, last?.silent ?? 0);
  };
}

/** Warns of errors, of each kind once in half a minute. */
export const warnSparingly = (logger: Pick<Logger, 'warn'>, what: string): ((error: Error) => void) =>
  sparingly((err, untold) => logger.warn({ err, ...(untold > 0 && { untold }) }, what));
