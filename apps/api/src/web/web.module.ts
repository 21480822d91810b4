import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { FilesModule } from '../files/files.module.js';
import { FileOrigins } from './file-origins.js';
import { servePages } from './serve-pages.js';

/** The built pages. Static files are served by a plugin of Fastify, hence no controller. */
@Module({ imports: [FilesModule], providers: [FileOrigins] })
export class WebModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly origins: FileOrigins,
  ) {}

  onModuleInit(): void {
    servePages(this.host.httpAdapter.getInstance(), () => this.origins.load());
  }
}
