import { Body, Controller, Headers, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type ChatKitRequest, isStreamingRequest, parseRequest, type RefusalReason } from '#chatkit';
import { AppError, type AppErrorCode, type AuthContext, PrismaThreadStore } from '#runtime';
import { Auth } from '../auth/auth.decorator.js';
import { SHIM_HEADER } from './disconnect-policy.js';
import { answerJson } from './json-operations.js';
import { SseResponse } from './sse-response.js';
import { TurnStarter } from './turn-starter.js';

const REFUSALS: Record<RefusalReason, AppErrorCode> = {
  invalid: 'request.invalid',
  unknown_type: 'request.unknown_type',
};

/** The protocol's one endpoint: JSON in; JSON or an event stream out, as the request's type says (TR-1 to TR-3). */
@Controller('chatkit')
export class ChatKitController {
  constructor(
    private readonly store: PrismaThreadStore,
    private readonly turns: TurnStarter,
  ) {}

  @Post()
  async handle(
    @Body() body: unknown,
    @Auth() auth: AuthContext,
    @Headers() headers: Record<string, string | undefined>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = parsed(body);
    if (!isStreamingRequest(request)) {
      void reply.status(200).send(await answerJson(this.store, auth, request));
      return;
    }
    const client = { announcedShim: SHIM_HEADER in headers, locale: headers['accept-language'] };
    if (request.type !== 'threads.create' && request.type !== 'threads.add_user_message') {
      throw new AppError('request.not_served', `This server does not answer ${request.type} requests yet.`);
    }
    await this.turns.start(auth, request, client, new SseResponse(reply));
  }
}

function parsed(body: unknown): ChatKitRequest {
  const result = parseRequest(body);
  if (result.ok) return result.request;
  throw new AppError(REFUSALS[result.reason], result.message, result.issues.length > 0 ? result.issues : undefined);
}
