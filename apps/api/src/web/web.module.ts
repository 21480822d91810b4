import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { servePages } from './serve-pages.js';

/** The built pages. Static files are served by a plugin of Fastify, hence no controller. */
@Module({})
export class WebModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  onModuleInit(): void {
    servePages(this.host.httpAdapter.getInstance());
  }
}
