import type { ApiConfig } from './config.js';

/** The part of the configuration that controllers look at, to be injected. */
export class ApiSettings {
  readonly auth: ApiConfig['auth'];
  readonly publicUrl: string | undefined;
  readonly heartbeatMs: number | undefined;
  readonly contextHeaders: readonly string[];

  constructor(config: ApiConfig) {
    this.auth = config.auth;
    this.publicUrl = config.publicUrl;
    this.heartbeatMs = config.heartbeatMs;
    this.contextHeaders = config.contextHeaders;
  }
}
