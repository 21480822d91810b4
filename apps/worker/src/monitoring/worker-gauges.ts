import { Injectable } from '@nestjs/common';
import { LimitWaits } from '#providers';
import { Database, EventEngine, Metrics, StoreChecks, watchStores } from '#runtime';
import { ActiveRuns } from '../attempt/active-runs.js';
import { Sweeper } from '../background/sweeper.js';
import { AttachmentBudget } from '../context/attachment-budget.js';
import { ModelLabels } from '../metrics/model-labels.js';
import { ModelSettings } from '../providers/model-settings.js';
import { OpenBreakers } from '../providers/open-breakers.js';
import { ProviderWatch } from '../providers/provider-watch.js';
import { WorkerSettings } from '../worker-settings.js';

/** What this worker holds and knows, sampled when it is scraped. */
@Injectable()
export class WorkerGauges {
  constructor(
    private readonly metrics: Metrics,
    private readonly active: ActiveRuns,
    private readonly sweeper: Sweeper,
    private readonly breakers: OpenBreakers,
    private readonly providers: ProviderWatch,
    private readonly labels: ModelLabels,
    private readonly models: ModelSettings,
    private readonly settings: WorkerSettings,
    private readonly attachments: AttachmentBudget,
    private readonly waits: LimitWaits,
    checks: StoreChecks,
    engine: EventEngine,
    database: Database,
  ) {
    watchStores(metrics, { checks, engine, database });
    this.watchRuns();
    this.watchSweeps();
    this.watchBreakers();
    this.watchProviders();
    this.watchAttachments();
    this.watchLimits();
  }

  private watchAttachments(): void {
    const held = this.metrics.gauge(
      { name: 'chatkit_relay_attachment_bytes', help: 'Bytes of attachments that this worker holds for its runs.' },
      () => {
        const use = this.attachments.use;
        held.set(use.held);
        waiting.set(use.waiting);
      },
    );
    const waiting = this.metrics.gauge({
      name: 'chatkit_relay_attachment_waits',
      help: 'Runs of this worker that wait until their attachments fit.',
    });
    this.metrics
      .gauge({
        name: 'chatkit_relay_attachment_bytes_max',
        help: 'Bytes of attachments that this worker may hold at once.',
      })
      .set(this.attachments.use.most);
  }

  private watchLimits(): void {
    const held = this.metrics.gauge(
      {
        name: 'chatkit_relay_limited_calls',
        help: 'Calls of this worker that have a place within a limit of calls at once, by its scope: provider/<id>, model/<public name>.',
        labels: ['scope'],
      },
      () => {
        for (const gauge of [held, waiting]) gauge.reset();
        for (const [scope, count] of Object.entries(this.waits.held())) held.inc({ scope }, count);
        for (const [scope, count] of Object.entries(this.waits.list())) waiting.inc({ scope }, count);
      },
    );
    const waiting = this.metrics.gauge({
      name: 'chatkit_relay_limited_calls_waiting',
      help: 'Calls of this worker that wait for a place within a limit of calls at once, by its scope.',
      labels: ['scope'],
    });
  }

  private watchRuns(): void {
    const runs = this.metrics.gauge({ name: 'chatkit_relay_active_runs', help: 'Runs that this worker holds.' }, () => {
      runs.set(this.active.count);
    });
    this.metrics
      .gauge({ name: 'chatkit_relay_worker_concurrency', help: 'Runs that this worker takes at once.' })
      .set(this.settings.concurrency);
  }

  private watchSweeps(): void {
    const swept = this.metrics.counter(
      {
        name: 'chatkit_relay_swept_total',
        help: 'What the sweeps of this worker found and handled: runs that were recovered, failed (after three attempts), cancelled or timed_out (in the queue), and expired logs, uploads, files, calls and keys.',
        labels: ['what'],
      },
      () => {
        swept.reset();
        const { timedOut, ...totals } = this.sweeper.totals;
        for (const [what, count] of Object.entries({ ...totals, timed_out: timedOut })) swept.inc({ what }, count);
      },
    );
    const last = this.metrics.gauge(
      {
        name: 'chatkit_relay_last_sweep_timestamp_seconds',
        help: 'When this worker last completed a sweep, as a Unix time; one worker at a time sweeps, so take the maximum.',
      },
      () => {
        last.remove();
        const { lastSweepAt } = this.sweeper;
        if (lastSweepAt) last.set(lastSweepAt.getTime() / 1_000);
      },
    );
  }

  private watchBreakers(): void {
    const open = this.metrics.gauge(
      {
        name: 'chatkit_relay_breaker_open',
        help: 'Circuit breakers that this worker has seen open: 1 while open, else absent.',
        labels: ['provider', 'model'],
      },
      () => {
        open.reset();
        for (const breaker of this.breakers.list()) open.set(this.labels.of(breaker), 1);
      },
    );
  }

  private watchProviders(): void {
    // Each looks by itself: a gauge that another one sets may be a scrape behind.
    const latency = this.metrics.gauge(
      {
        name: 'chatkit_relay_provider_check_seconds',
        help: 'Time that the last health check of a provider took; every worker checks once a minute.',
        labels: ['provider'],
      },
      () => {
        for (const { provider, health } of this.checkedProviders()) latency.set({ provider }, health.latencyMs / 1_000);
      },
    );
    const up = this.metrics.gauge(
      {
        name: 'chatkit_relay_provider_up',
        help: 'Whether the last health check of a provider succeeded: 1 or 0.',
        labels: ['provider'],
      },
      () => {
        for (const { provider, health } of this.checkedProviders()) up.set({ provider }, health.ok ? 1 : 0);
      },
    );
  }

  private checkedProviders() {
    return this.models.providers.flatMap(({ id: provider }) => {
      const { health } = this.providers.statusOf(provider);
      return health ? [{ provider, health }] : [];
    });
  }
}
