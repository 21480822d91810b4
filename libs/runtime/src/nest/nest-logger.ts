import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../platform/logger.js';

/** Writes Nest's log messages to the process's logger; its start-up details only at `debug`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stackOrContext?: string): void {
    this.logger.error(message instanceof Error ? { err: message } : { detail: stackOrContext }, String(message));
  }
}
