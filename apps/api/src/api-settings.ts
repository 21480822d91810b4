import type { ApiConfig } from './config.js';

/** The part of the configuration that controllers look at, to be injected. */
export class ApiSettings {
  readonly auth: ApiConfig['auth'];
  readonly publicUrl: string | undefined;
  readonly contextHeaders: readonly string[];

  constructor(config: ApiConfig) {
    this.auth = config.auth;
    this.publicUrl = config.publicUrl;
    this.contextHeaders = config.contextHeaders;
  }
}
