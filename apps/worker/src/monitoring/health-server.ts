import { Injectable } from '@nestjs/common';
import {
  jsonAnswer,
  Logger,
  Metrics,
  type MonitoringServer,
  SchemaCheck,
  serveMonitoring,
  stateOf,
  StoreChecks,
} from '#runtime';
import { HealthSettings } from './health-settings.js';

/** Live, ready and metrics of a worker, on a port of its own; off unless WORKER_HEALTH_PORT is set. */
@Injectable()
export class HealthServer {
  /** Whether this worker takes jobs. */
  isTaking = false;
  private server: MonitoringServer | undefined;

  constructor(
    private readonly settings: HealthSettings,
    private readonly metrics: Metrics,
    private readonly stores: StoreChecks,
    private readonly schema: SchemaCheck,
    private readonly logger: Logger,
  ) {}

  /** Undefined where there is none. */
  get url(): string | undefined {
    return this.server?.url;
  }

  async start(): Promise<void> {
    const { host, port } = this.settings;
    if (port === undefined) return;
    const { metrics, logger } = this;
    this.server = await serveMonitoring(
      { setting: 'WORKER_HEALTH_PORT', host, port },
      {
        '/health/live': () => jsonAnswer(200, { status: 'ok' }),
        '/health/ready': () => this.ready(),
        '/metrics': async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.text() }),
      },
      logger,
    );
  }

  async stop(): Promise<void> {
    await this.server?.close();
  }

  /** In the words of the API's readiness. */
  private async ready() {
    const [stores, schema] = await Promise.all([this.stores.look(), this.schema.look()]);
    const checks = {
      postgres: stateOf(stores.postgres),
      schema: schema.state,
      events: stateOf(stores.events),
      queue: stateOf(stores.queue),
      jobs: stateOf({ ok: this.isTaking }),
    };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    const status = isReady ? 'ok' : 'unavailable';
    return jsonAnswer(isReady ? 200 : 503, { status, checks, ...(schema.problem && { problem: schema.problem }) });
  }
}
