import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { AppControllerRoute } from '@bull-board/api/typings/app';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { CallQueue, Logger, RunQueue } from '#runtime';
import { guardAdminRoutes } from './admin-guard.js';
import type { IsAdmin } from './admin-token.js';

const BOARD_PATH = '/admin/queues';

type BoardQueue = RunQueue['queue'] | CallQueue['queue'];

/**
 * Bull Board, to look at and nothing more. Its actions mend nothing here and some do harm: a job is a mere delivery,
 * whose run the sweeper delivers again by itself; a pause, a limit or an emptied queue holds up everybody's answers and
 * is seen in no chat; a job added or edited by hand lets a run overtake those before it. So its queues are read-only,
 * which hides the buttons, and the routes behind them do not exist.
 */
class ReadingAdapter extends FastifyAdapter {
  override setApiRoutes(routes: AppControllerRoute[]): FastifyAdapter {
    return super.setApiRoutes(routes.filter(({ method }) => method === 'get'));
  }
}

export interface QueueBoardOptions {
  readonly queues: readonly BoardQueue[];
  readonly isAdmin: IsAdmin;
  readonly logger: Logger;
}

/** The dashboard under `/admin/queues`. Every address below is a route of the administrator's, whatever the method. */
export function registerQueueBoard(fastify: FastifyInstance, { queues, isAdmin, logger }: QueueBoardOptions): void {
  const serverAdapter = new ReadingAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Relay queues', hideDocsLink: true } },
  });
  fastify.register(
    async (board) => {
      guardAdminRoutes(board, isAdmin);
      keepToItself(board);
      board.addHook('onError', async (request, _reply, error) => {
        logger.error({ err: error, requestId: request.id }, 'queue dashboard');
      });
      board.register(serverAdapter.registerPlugin());
      // Without these an unknown address, or a preflight, would be answered by somebody who asks for no token.
      board.all('/*', (_request, reply) => reply.code(404).send(NOT_FOUND));
      board.route({ url: '/', method: BESIDE_GET, handler: (_request, reply) => reply.code(404).send(NOT_FOUND) });
    },
    { prefix: BOARD_PATH },
  );
}

const BESIDE_GET = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const NOT_FOUND = { error: { code: 'route.not_found', message: 'There is nothing at this address.' } };

/** Bull Board's page asks a font service for its typeface; an administrator's browser shall not tell it of us. */
const FOREIGN_STYLES = /<link\b[^>]*\bhref="https?:[^>]*>/gi;

function keepToItself(board: FastifyInstance): void {
  board.addHook('onSend', async (_request, reply, payload) => {
    // Files bring a header of their own, which would let anybody on the way keep them.
    void reply.header('cache-control', 'no-store');
    const isPage = typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html');
    if (!isPage) return payload;
    void reply.removeHeader('content-length');
    return payload.replace(FOREIGN_STYLES, '');
  });
}
