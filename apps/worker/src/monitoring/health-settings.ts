/** Where this worker's health and metrics are served; to be injected. */
export abstract class HealthSettings {
  abstract readonly host: string;
  /** Undefined: nowhere. */
  abstract readonly port: number | undefined;
}
