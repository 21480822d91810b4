import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { AppControllerRoute } from '@bull-board/api/typings/app';
import { FastifyAdapter } from '@bull-board/fastify';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { CallQueue, type JobPayload, Logger, RunQueue } from '#runtime';
import { guardAdminRoutes } from './admin-guard.js';

const BOARD_PATH = '/admin/queues';

/**
 * Bull Board without its actions. They fix nothing here and some do harm: a job is only a delivery, and the sweeper
 * delivers a run again by itself; a pause, a limit or an emptied queue holds up everybody's answers, and no chat shows
 * why; a job added or edited by hand lets a run overtake those before it. So its queues are read-only, which hides the
 * buttons, and the routes behind them do not exist.
 */
class ReadOnlyAdapter extends FastifyAdapter {
  override setApiRoutes(routes: AppControllerRoute[]): FastifyAdapter {
    return super.setApiRoutes(routes.filter(({ method }) => method === 'get'));
  }
}

/**
 * The dashboard under `/admin/queues`; every address below it is the administrator's, whatever the method. Bull Board is a
 * plugin of Fastify that brings its routes along; they get their access by a hook.
 */
@Injectable()
export class QueueBoard {
  constructor(
    private readonly runs: RunQueue,
    private readonly calls: CallQueue,
    private readonly logger: Logger,
  ) {}

  register(fastify: FastifyInstance): void {
    const plugin = this.boardPlugin();
    fastify.register(
      async (board) => {
        guardAdminRoutes(board);
        keepToItself(board);
        board.addHook('onError', async (request, _reply, error) => {
          this.logger.error({ err: error, requestId: request.id }, 'queue dashboard');
        });
        board.register(plugin);
        // Without these an unknown address, or a preflight, would be answered without asking for the token.
        board.all('/*', (_request, reply) => reply.code(404).send(NOT_FOUND));
        board.route({ url: '/', method: BESIDE_GET, handler: (_request, reply) => reply.code(404).send(NOT_FOUND) });
      },
      { prefix: BOARD_PATH },
    );
  }

  private boardPlugin() {
    const serverAdapter = new ReadOnlyAdapter();
    serverAdapter.setBasePath(BOARD_PATH);
    // Every queue of the product must be in this list.
    const queues = [
      new BullMQAdapter(this.runs.queue, { readOnlyMode: true, externalJobUrl: runOfJob }),
      new BullMQAdapter(this.calls.queue, { readOnlyMode: true }),
    ];
    createBullBoard({
      queues,
      serverAdapter,
      options: { uiConfig: { boardTitle: 'Relay queues', hideDocsLink: true } },
    });
    return serverAdapter.registerPlugin();
  }
}

/** Where the administration shows the run of a job. */
const runOfJob = ({ data }: { readonly data: unknown }) => ({
  displayText: 'Run',
  href: `/admin/runs/${(data as JobPayload<'run-turn'>).runId}`,
});

const BESIDE_GET = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const NOT_FOUND = { error: { code: 'route.not_found', message: 'There is nothing at this address.' } };

/** Bull Board's page loads its font from an outside service, which must not learn of this server. */
const FOREIGN_STYLES = /<link\b[^>]*\bhref="https?:[^>]*>/gi;

function keepToItself(board: FastifyInstance): void {
  board.addHook('onSend', async (_request, reply, payload) => {
    // Its files come with a header of their own, which would allow caches to store them.
    void reply.header('cache-control', 'no-store');
    const isPage = typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html');
    if (!isPage) return payload;
    void reply.removeHeader('content-length');
    return payload.replace(FOREIGN_STYLES, '');
  });
}
