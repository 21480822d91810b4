import { Controller, Get, Header, Injectable, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Public } from '../auth/access.js';
import { serverVersion } from '../page/server-version.js';
import { type DescribedRoute, openApiDocument } from './document.js';

/** Hears of every route as Fastify takes it; made before the first one is. */
@Injectable()
class DescribedRoutes {
  readonly all: DescribedRoute[] = [];

  constructor(host: HttpAdapterHost<FastifyAdapter>) {
    host.httpAdapter.getInstance().addHook('onRoute', ({ method, url, config }) => {
      if (!config?.describes) return;
      const { access, describes } = config;
      for (const one of [method].flat()) if (one !== 'HEAD') this.all.push({ method: one, url, access, describes });
    });
  }
}

/** The description of the API for programs. It holds no secret and is the same for everybody. */
@Controller('openapi.json')
class OpenApiController {
  private document: object | undefined;

  constructor(private readonly routes: DescribedRoutes) {}

  @Public()
  @Get()
  @Header('cache-control', 'public, max-age=300')
  read(): object {
    return (this.document ??= openApiDocument(serverVersion(), this.routes.all));
  }
}

@Module({ providers: [DescribedRoutes], controllers: [OpenApiController] })
export class OpenApiModule {}
