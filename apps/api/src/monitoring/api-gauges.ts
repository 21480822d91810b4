import { Injectable } from '@nestjs/common';
import { Database, EventEngine, Metrics, StoreChecks, watchBacklog, watchStores } from '#runtime';
import { OpenStreams } from '../streams/open-streams.js';

/** What this process holds, and the backlog of the whole installation, sampled when it is scraped. */
@Injectable()
export class ApiGauges {
  constructor(metrics: Metrics, streams: OpenStreams, checks: StoreChecks, engine: EventEngine, database: Database) {
    watchStores(metrics, { checks, engine, database });
    watchBacklog(metrics, database, engine);
    const open = metrics.gauge(
      { name: 'chatkit_relay_open_streams', help: 'Streams that this process is sending.' },
      () => {
        open.set(streams.count);
      },
    );
  }
}
