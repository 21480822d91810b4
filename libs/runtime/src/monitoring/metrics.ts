import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

type Name = `chatkit_relay_${string}`;

/** What every metric is defined by. Values of labels are from a closed set: never a user, a tenant, a thread or a run. */
interface Definition<Label extends string> {
  readonly name: Name;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** Sets the values of a gauge or counter when it is scraped. Errors must not leave it: they would fail the whole scrape. */
type Sample = () => void | Promise<void>;

/**
 * The metrics of this process, as Prometheus reads them. Counted once per turn, call or request, or sampled when they are
 * scraped; never per token.
 */
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  private readonly registry = new Registry();

  /** Those of the process itself (`process_…`, `nodejs_…`) have the names that dashboards for Node know. */
  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string>(definition: Definition<Label>, sample?: Sample): Counter<Label> {
    return new Counter<Label>({ ...this.optionsOf(definition), ...(sample && { collect: sample }) });
  }

  gauge<Label extends string>(definition: Definition<Label>, sample?: Sample): Gauge<Label> {
    return new Gauge<Label>({ ...this.optionsOf(definition), ...(sample && { collect: sample }) });
  }

  histogram<Label extends string>(definition: Definition<Label>, buckets: readonly number[]): Histogram<Label> {
    return new Histogram<Label>({ ...this.optionsOf(definition), buckets: [...buckets] });
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private optionsOf<Label extends string>({ name, help, labels = [] }: Definition<Label>) {
    return { name, help, labelNames: [...labels], registers: [this.registry] };
  }
}
