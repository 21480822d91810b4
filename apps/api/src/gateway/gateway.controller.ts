import { Body, Controller, Get, Header, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthContext } from '#runtime';
import { AccessFor } from '../auth/access.js';
import { Auth } from '../auth/auth.decorator.js';
import { ApiConfig } from '../config.js';
import { requestContext } from '../http/request-context.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';
import { StreamSlots } from '../slots/stream-slots.js';
import { Completions } from './completions.js';
import { findModel, type ListedModel, type ModelList, modelList } from './model-list.js';
import { parseCompletion } from './parse-completion.js';

/** OpenAI's API in front of every provider, errors included (errors/openai-error). The guide is docs/gateway.md. */
@Controller('v1')
export class GatewayController {
  constructor(
    private readonly config: ApiConfig,
    private readonly catalogue: CachedCatalogue,
    private readonly completions: Completions,
    private readonly slots: StreamSlots,
  ) {}

  @AccessFor('gateway')
  @Post('chat/completions')
  async complete(
    @Body() body: unknown,
    @Auth() auth: AuthContext,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const context = requestContext(auth, headers, this.config.contextHeaders);
    const asked = { auth, completion: parseCompletion(body), context };
    await this.slots.within(auth, () => this.completions.answer(asked, reply));
  }

  @AccessFor('gateway')
  @Get('models')
  @Header('cache-control', 'no-cache')
  async list(): Promise<ModelList> {
    return modelList(await this.catalogue.load());
  }

  /** The id may hold slashes, as they are or encoded. */
  @AccessFor('gateway')
  @Get('models/*')
  @Header('cache-control', 'no-cache')
  async find(@Param('*') id: string): Promise<ListedModel> {
    return findModel(await this.catalogue.load(), id);
  }
}
