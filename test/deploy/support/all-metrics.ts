import type { FastifyInstance } from 'fastify';
import { ApiGauges } from '../../../apps/api/src/monitoring/api-gauges.js';
import { measureRequests } from '../../../apps/api/src/monitoring/measure-requests.js';
import { HttpErrorFilter } from '../../../apps/api/src/errors/http-error.filter.js';
import { AdmittedRuns } from '../../../libs/runtime/src/admission/admitted-runs.js';
import { ModelLabels } from '../../../apps/worker/src/metrics/model-labels.js';
import { ModelMetrics } from '../../../apps/worker/src/metrics/model-metrics.js';
import { RunMetrics } from '../../../apps/worker/src/metrics/run-metrics.js';
import { WorkerGauges } from '../../../apps/worker/src/monitoring/worker-gauges.js';
import { Metrics } from '#runtime';

export interface DefinedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
  readonly of: 'API' | 'worker' | 'both';
}

/** Nothing is sampled: what a metric reads is asked for when somebody scrapes. */
const UNREAD = { pool: { options: { max: 10 } }, system: {}, cache: {}, kind: 'redis', providers: [], concurrency: 1 };
const unread = UNREAD as never;

function apiMetrics(metrics: Metrics): void {
  measureRequests({ addHook: () => undefined } as unknown as FastifyInstance, metrics);
  void new HttpErrorFilter(unread, metrics);
  void new AdmittedRuns(metrics);
  void new ApiGauges(metrics, unread, unread, unread, unread);
}

function workerMetrics(metrics: Metrics): void {
  const labels = new ModelLabels({ providers: [], names: {}, defaultModel: undefined });
  void new RunMetrics(metrics);
  void new ModelMetrics(metrics, labels);
  const settings = [unread, unread, { use: { most: 1 } } as never, unread] as const;
  void new WorkerGauges(metrics, unread, unread, unread, unread, labels, ...settings, unread, unread, unread);
}

/** What a registry of prom-client holds. */
type Held = {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly constructor: object;
};

function definedBy(define: (metrics: Metrics) => void): Map<string, Omit<DefinedMetric, 'of'>> {
  const metrics = new Metrics();
  define(metrics);
  const held = metrics['registry'].getMetricsAsArray() as unknown as readonly Held[];
  return new Map(
    held.map(({ name, help, labelNames, constructor }) => {
      const type = (constructor as { readonly name: string }).name.toLowerCase();
      return [name, { name, help, labels: labelNames.filter((label) => label !== 'le'), type }];
    }),
  );
}

/** Every metric of the product, as the code defines it. */
export function allMetrics(): DefinedMetric[] {
  const [api, worker] = [definedBy(apiMetrics), definedBy(workerMetrics)];
  const of = (name: string) => (api.has(name) && worker.has(name) ? 'both' : api.has(name) ? 'API' : 'worker');
  return [...new Map([...api, ...worker]).values()].map((metric) => ({ ...metric, of: of(metric.name) }));
}
