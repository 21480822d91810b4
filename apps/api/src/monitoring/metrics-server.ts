import { Injectable } from '@nestjs/common';
import { Logger, Metrics, type MonitoringServer, serveMonitoring } from '#runtime';
import { ApiConfig } from '../config.js';

/** The metrics on a port of their own, which the public does not reach; off unless METRICS_PORT is set. */
@Injectable()
export class MetricsServer {
  private server: MonitoringServer | undefined;

  constructor(
    private readonly config: ApiConfig,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** Undefined where there is none. */
  get url(): string | undefined {
    return this.server?.url;
  }

  async start(): Promise<void> {
    const { host, port } = this.config.metrics;
    if (port === undefined) return;
    const { metrics, logger } = this;
    this.server = await serveMonitoring(
      { setting: 'METRICS_PORT', host, port },
      { '/metrics': async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.text() }) },
      logger,
    );
  }

  async stop(): Promise<void> {
    await this.server?.close();
  }
}
