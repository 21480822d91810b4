import type { Logger } from '#runtime';

/** So that a client that invents names fills neither the log nor the memory. */
const MAX_NAMES = 100;

/** Logs each name that is refused once, with what to do if it should not be. */
export class RefusalLog {
  private readonly names = new Set<string>();

  constructor(private readonly logger: Pick<Logger, 'warn'>) {}

  warn(message: string, name: string, hint: string): void {
    const key = `${message}\n${name}`;
    if (this.names.size >= MAX_NAMES || this.names.has(key)) return;
    this.names.add(key);
    this.logger.warn({ name, hint }, message);
    if (this.names.size === MAX_NAMES) this.logger.warn('many names were refused: further ones are not logged');
  }
}
