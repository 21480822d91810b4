import { Body, Controller, Get, Header, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuthContext, ChatCompletionRequest } from '#runtime';
import { z } from 'zod';
import { AccessFor } from '../auth/access.js';
import { Auth } from '../auth/auth.decorator.js';
import { ApiConfig } from '../config.js';
import { requestContext } from '../http/request-context.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';
import { StreamSlots } from '../slots/stream-slots.js';
import { Completions } from './completions.js';
import { findModel, type ListedModel, type ModelList, modelList } from './model-list.js';
import { parseCompletion } from './parse-completion.js';
import { Describes } from '../described/describes.js';

const Listed = z.looseObject({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() });
const ListedAll = z.object({ object: z.literal('list'), data: z.array(Listed) });
const tokens = z.int();

/** Others of the format have more fields, and so may these. */
const ChatCompletion = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      message: z.looseObject({ role: z.literal('assistant'), content: z.string().nullable() }),
      finish_reason: z.string(),
    }),
  ),
  usage: z.looseObject({ prompt_tokens: tokens, completion_tokens: tokens, total_tokens: tokens }).nullish(),
});
const EXAMPLE = { body: { model: 'demo/demo', messages: [{ role: 'user', content: 'Hello' }] } };

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
  @Describes({
    summary: 'Completes a chat, in the format of OpenAI',
    body: ChatCompletionRequest,
    answer: { jsonOrEvents: ChatCompletion },
    example: EXAMPLE,
  })
  @Post('chat/completions')
  async complete(
    @Body() body: unknown,
    @Auth() auth: AuthContext,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const context = requestContext(auth, request, this.config);
    const asked = { auth, completion: parseCompletion(body), context };
    await this.slots.within(auth, () => this.completions.answer(asked, reply));
  }

  @AccessFor('gateway')
  @Describes({ summary: 'Lists models, in the format of OpenAI', answer: ListedAll })
  @Get('models')
  @Header('cache-control', 'no-cache')
  async list(): Promise<ModelList> {
    return modelList(await this.catalogue.load());
  }

  /** The id may hold slashes, as they are or encoded. */
  @AccessFor('gateway')
  @Describes({ summary: 'Shows a model; its id may have slashes', answer: Listed })
  @Get('models/*')
  @Header('cache-control', 'no-cache')
  async find(@Param('*') id: string): Promise<ListedModel> {
    return findModel(await this.catalogue.load(), id);
  }
}
