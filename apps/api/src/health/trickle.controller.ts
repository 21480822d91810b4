import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.js';
import { SseResponse } from '../streams/sse-response.js';
import { TRICKLE_PAUSE_MS, TRICKLE_PIECES } from './buffering-probe.js';
import { Describes } from '../described/describes.js';

/** A stream of a few comments with pauses between them: if it arrives in fewer pieces, a proxy buffers streams. */
@Controller('health')
export class TrickleController {
  @Public()
  @Describes({ summary: 'A slow stream, by which buffering proxies are found', answer: 'text' })
  @Get('trickle')
  async trickle(@Res() reply: FastifyReply): Promise<void> {
    const response = new SseResponse(reply, undefined);
    response.open({}, {});
    for (let piece = 1; piece <= TRICKLE_PIECES; piece++) {
      if (piece > 1) await sleep(TRICKLE_PAUSE_MS);
      response.write(Buffer.from(`: ${piece}\n\n`));
    }
    response.end();
  }
}
