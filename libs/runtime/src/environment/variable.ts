import type { z } from 'zod';
import type { AuthMode } from '../auth/auth-modes.js';

/**
 * Who reads a variable: the processes `api` and `worker`, `npm start` for itself, what migrates the database, or
 * docker-compose.yml, which gives the value to a service under another name.
 */
export type Reader = 'api' | 'worker' | 'start' | 'migrate' | 'compose';

/** An environment variable of the product. */
export interface Variable<Schema extends z.ZodType = z.ZodType, By extends Reader = Reader> {
  /** Takes the text of the environment. A default is a `prefault`: the text that would have been set. */
  readonly schema: Schema;
  readonly readBy: readonly By[];
  /** What it is, in Markdown, without a full stop. Links are relative to `docs`. */
  readonly description: string;
  /** A value that the schema takes; of a secret, one that nobody should use. */
  readonly example: string;
  /** What holds while it is not set, where the schema has no default. */
  readonly unset?: string;
  /** Its value must not be printed, or may hold a password. */
  readonly isSecret?: boolean;
  /** A library reads it from the process's own environment: it cannot be given as a file, `<NAME>_FILE`. */
  readonly isReadByLibrary?: boolean;
  /** Has to be set before others may reach the server. */
  readonly isForOthers?: boolean;
  /** A second name under which it is read. */
  readonly alias?: string;
  /** The modes of authentication that read it. The first one is what whoever sets it probably wants. */
  readonly authModes?: readonly [AuthMode, ...AuthMode[]];
}

/** Infers the types of the value and of the readers. */
export const variable = <Schema extends z.ZodType, const By extends Reader>(
  definition: Variable<Schema, By>,
): Variable<Schema, By> => definition;
