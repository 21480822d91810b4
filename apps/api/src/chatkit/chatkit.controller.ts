import { Body, Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ChatKitRequest,
  EditRequest,
  isStreamingRequest,
  parseEdit,
  type ParsedRequest,
  parseRequest,
  type RefusalReason,
} from '#chatkit';
import { AppError, type AppErrorCode, type AuthContext } from '#runtime';
import type { TurnRequest } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { ApiConfig } from '../config.js';
import type { Caller } from './caller.js';
import { Callers, lastOf } from './callers.js';
import { JsonAnswer } from './json-answers.js';
import { JsonOperations } from './json-operations.js';
import { StreamSlots } from '../slots/stream-slots.js';
import { SseResponse } from '../streams/sse-response.js';
import { StreamingOperations } from './streaming-operations.js';
import { toEditTurn, toTurnRequest, type TurnDeps } from './to-turn-request.js';
import { Describes } from '../described/describes.js';
import { z } from 'zod';

const EXAMPLE = {
  body: {
    type: 'threads.create',
    params: {
      input: {
        content: [{ type: 'input_text', text: 'Hello' }],
        attachments: [],
        inference_options: {},
      },
    },
  },
};
const AssistantQuery = z.object({ assistant: z.string().optional() });

const REFUSALS: Record<RefusalReason, AppErrorCode> = {
  invalid: 'request.invalid',
  unknown_type: 'request.unknown_type',
};

/**
 * The protocol's one endpoint: JSON in; JSON or an event stream out, as the request's type says [TR-1] to [TR-3]; and the
 * edit of a message, which the protocol does not have. `assistant` in the query names one other than the default.
 */
@Controller('chatkit')
export class ChatKitController {
  constructor(
    private readonly config: ApiConfig,
    private readonly callers: Callers,
    private readonly json: JsonOperations,
    private readonly streaming: StreamingOperations,
    private readonly slots: StreamSlots,
  ) {}

  @Describes({
    summary: 'The ChatKit protocol',
    query: AssistantQuery,
    body: ChatKitRequest,
    answer: { jsonOrEvents: JsonAnswer },
    isProtocol: true,
    example: EXAMPLE,
  })
  @Post()
  async handle(
    @Body() body: unknown,
    @Auth() auth: AuthContext,
    @Query('assistant') assistant: string | string[] | undefined,
    @Req() http: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = accepted(parseRequest(body));
    const isStreaming = isStreamingRequest(request);
    const caller = await this.callers.of(http, auth, lastOf(assistant), isStreaming ? [body] : undefined);
    if (!isStreaming) return void reply.status(200).send(await this.json.answer(caller, request));
    return this.stream(caller, (deps) => toTurnRequest(deps, caller, request), reply);
  }

  /** Replaces a user message, without what came after it, and answers the new one like `threads.add_user_message`. */
  @Describes({
    summary: 'Changes a message and asks again',
    query: AssistantQuery,
    body: EditRequest,
    answer: 'events',
  })
  @Post('threads/:id/edit')
  async edit(
    @Body() body: unknown,
    @Auth() auth: AuthContext,
    @Param('id') threadId: string,
    @Query('assistant') assistant: string | string[] | undefined,
    @Req() http: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const edit = accepted(parseEdit(body));
    const caller = await this.callers.of(http, auth, lastOf(assistant), ['edit', threadId, body]);
    return this.stream(caller, (deps) => toEditTurn(deps, caller, threadId, edit), reply);
  }

  private async stream(
    caller: Caller,
    toTurn: (deps: TurnDeps) => Promise<TurnRequest>,
    reply: FastifyReply,
  ): Promise<void> {
    const response = new SseResponse(reply, this.config.heartbeatMs);
    await this.slots.within(caller.auth, () => this.streaming.answer(caller, toTurn, response));
  }
}

type Accepted<Request> = { readonly ok: true; readonly request: Request };

/** Throws `AppError` for a body that was refused. */
function accepted<Request>(result: Accepted<Request> | Extract<ParsedRequest, { ok: false }>): Request {
  if (result.ok) return result.request;
  throw new AppError(REFUSALS[result.reason], result.message, result.issues.length > 0 ? result.issues : undefined);
}
