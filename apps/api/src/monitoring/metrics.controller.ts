import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Metrics } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { Describes } from '../described/describes.js';

/** The metrics on the public port: for administrators, and from this machine itself. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @AccessFor('operator')
  @Describes({ summary: 'Metrics for Prometheus', answer: 'text' })
  @Get()
  async read(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.metrics.text();
    void reply.headers({ 'content-type': this.metrics.contentType, 'cache-control': 'no-store' }).send(text);
  }
}
