import type { Logger } from '#runtime';

export interface LogLine {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps the lines of a worker's log. */
export class MemoryLog {
  readonly lines: LogLine[] = [];

  logger(bindings: Readonly<Record<string, unknown>> = {}): Logger {
    const at =
      (level: LogLine['level']) =>
      (fields: object | string, message?: string): void => {
        const line = typeof fields === 'string' ? { message: fields } : { ...fields, message: message ?? '' };
        const { message: text, ...more } = line;
        this.lines.push({ level, message: text, fields: { ...bindings, ...more } });
      };
    return {
      trace: at('trace'),
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      fatal: at('fatal'),
      isLevelEnabled: () => false,
      child: (more: Readonly<Record<string, unknown>>) => this.logger({ ...bindings, ...more }),
    } as Logger;
  }
}
