import type { ApiConfig } from '../../api/src/config.js';
import type { RedisSettings } from '#runtime';
import type { WorkerConfig } from '../../worker/src/config.js';

/** What is installed here, by its configuration. */
export interface Installation {
  /** The folder of the product. */
  readonly root: string;
  readonly dataDir: string;
  /** As `CHATKIT_CONFIG` names it. */
  readonly configFile: string | undefined;
  /** Undefined: `npm start` starts one. */
  readonly databaseUrl: string | undefined;
  /** Of Postgres itself; `databaseUrl` may lead to a pooler. */
  readonly directDatabaseUrl: string | undefined;
  /** Undefined: Postgres does its work, or the private one of `npm start`. */
  readonly redis: RedisSettings | undefined;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  /** Undefined: it is not valid, and `problems` says why. */
  readonly api: ApiConfig | undefined;
  readonly worker: WorkerConfig | undefined;
  /** Everything that is wrong with the configuration of either process. */
  readonly problems: readonly string[];
  /** What may be wrong, but stops nothing. */
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
}
