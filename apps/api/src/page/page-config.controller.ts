import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/access.js';
import { ApiConfig } from '../config.js';
import { FileAddresses } from '../files/file-addresses.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';
import { WorkerWatch } from '../models/worker-watch.js';
import { cacheControl, PageConfig, pageConfig, type UploadStrategy } from './page-config.js';
import { serverVersion } from './server-version.js';
import { Describes } from '../described/describes.js';

/** What a page must know before its first request; it may have no credential yet. */
@Controller('config')
export class PageConfigController {
  private readonly version = serverVersion();

  constructor(
    private readonly config: ApiConfig,
    private readonly catalogue: CachedCatalogue,
    private readonly addresses: FileAddresses,
    private readonly workers: WorkerWatch,
  ) {}

  @Public()
  @Describes({ summary: 'What a page must know before its first request', answer: PageConfig })
  @Get()
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { isSingleUser, auth, domainKey, attachments, requestLimits, publicUrl } = this.config;
    const catalogue = await this.catalogue.load();
    const told = pageConfig({
      version: this.version,
      isSingleUser,
      modes: auth.modes,
      domainKey,
      uploadStrategy: this.uploadStrategy(request),
      maxBytes: attachments.maxBytes,
      limits: requestLimits,
      catalogue,
      isServed: this.workers.isServed,
    });
    const isOfRequest = attachments.upload === 'direct' && publicUrl === undefined;
    void reply.header('cache-control', cacheControl({ isReady: told.ready, isOfRequest })).send(told);
  }

  private uploadStrategy(request: FastifyRequest): UploadStrategy {
    const { upload } = this.config.attachments;
    return upload === 'direct'
      ? { type: 'direct', uploadUrl: this.addresses.uploadUrl(request) }
      : { type: 'two_phase' };
  }
}
