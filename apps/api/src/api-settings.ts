import type { ApiConfig } from './config.js';

/** The part of the configuration that controllers look at, to be injected. */
export class ApiSettings {
  readonly auth: ApiConfig['auth'];

  constructor(config: ApiConfig) {
    this.auth = config.auth;
  }
}
