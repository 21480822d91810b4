import { Body, Controller, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ChatKitRequest, isStreamingRequest, parseRequest, type RefusalReason } from '#chatkit';
import { AppError, type AppErrorCode, type AuthContext } from '#runtime';
import { Assistants } from '../assistants/assistants.js';
import { Auth } from '../auth/auth.decorator.js';
import { ApiConfig } from '../config.js';
import { FileAddresses } from '../files/file-addresses.js';
import type { Caller } from './caller.js';
import { SHIM_HEADER } from '../streams/disconnect-policy.js';
import { readIdempotency } from './idempotency-key.js';
import { JsonOperations } from './json-operations.js';
import { requestContext } from '../http/request-context.js';
import { StreamSlots } from '../slots/stream-slots.js';
import { SseResponse } from '../streams/sse-response.js';
import { StreamingOperations } from './streaming-operations.js';

const REFUSALS: Record<RefusalReason, AppErrorCode> = {
  invalid: 'request.invalid',
  unknown_type: 'request.unknown_type',
};

/** The protocol's one endpoint: JSON in; JSON or an event stream out, as the request's type says [TR-1] to [TR-3]. */
@Controller('chatkit')
export class ChatKitController {
  constructor(
    private readonly config: ApiConfig,
    private readonly assistants: Assistants,
    private readonly addresses: FileAddresses,
    private readonly json: JsonOperations,
    private readonly streaming: StreamingOperations,
    private readonly slots: StreamSlots,
  ) {}

  /** `assistant` in the query names one other than the default. */
  @Post()
  async handle(
    @Body() body: unknown,
    @Auth() auth: AuthContext,
    @Query('assistant') assistant: string | string[] | undefined,
    @Req() http: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = parsed(body);
    const { headers } = http;
    const named = typeof assistant === 'string' ? assistant : assistant?.at(-1);
    const caller: Caller = {
      auth,
      assistant: await this.assistants.choose(named),
      context: requestContext(auth, headers, this.config.contextHeaders),
      links: this.addresses.linksFor(auth, http),
      isShim: SHIM_HEADER in headers,
      idempotency: isStreamingRequest(request) ? readIdempotency(headers, [named ?? null, body]) : undefined,
    };
    if (isStreamingRequest(request)) {
      const response = new SseResponse(reply, this.config.heartbeatMs);
      await this.slots.within(auth, () => this.streaming.answer(caller, request, response));
    } else {
      void reply.status(200).send(await this.json.answer(caller, request));
    }
  }
}

function parsed(body: unknown): ChatKitRequest {
  const result = parseRequest(body);
  if (result.ok) return result.request;
  throw new AppError(REFUSALS[result.reason], result.message, result.issues.length > 0 ? result.issues : undefined);
}
