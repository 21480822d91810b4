import { cost, count, duration } from '../format.js';
import type { RunDetails, TimelineEntry } from '../types.js';

const WORDS: Readonly<Record<string, string>> = {
  admitted: 'Admitted',
  queued: 'Queued',
  claimed: 'Claimed by a worker',
  first_token: 'First token',
  model: 'Model call',
  tool: 'Tool',
  stop_requested: 'Stop requested',
  lease_over: 'Worker stopped responding',
  settled: 'Settled',
};

/** Why an attempt did not end the run. */
const ENDED: Readonly<Record<string, string>> = {
  handed_over: 'handed over when the worker was stopped',
  released: 'released by an administrator',
  lease_over: 'not heard any more',
};

/** What happened to a run, and how long after its admission. */
export function Timeline({
  run: { timeline, steps_left_out: leftOut, created_at: began },
}: {
  readonly run: RunDetails;
}) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <ol className="a-timeline">
        {timeline.map((entry, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- they keep their order, and may be equal
          <li key={index} data-kind={kindOf(entry)}>
            <time dateTime={entry.at}>+{duration(Math.max(0, Date.parse(entry.at) - Date.parse(began)))}</time>
            <div>
              <strong>{WORDS[entry.what] ?? entry.what}</strong> <span>{detailsOf(entry)}</span>
            </div>
          </li>
        ))}
      </ol>
      {leftOut > 0 && <p className="a-note">{count(leftOut)} more model and tool calls were not recorded.</p>}
    </section>
  );
}

function kindOf({ what, details }: TimelineEntry): string | undefined {
  if (what === 'lease_over') return 'bad';
  const outcome = details?.['outcome'] ?? details?.['state'];
  if (outcome === 'failed') return 'bad';
  return outcome === 'completed' && what === 'settled' ? 'good' : undefined;
}

function detailsOf({ what, ms, details = {} }: TimelineEntry): string {
  const { provider, model, outcome, code, firstMs, inputTokens, outputTokens, costMicros } = details;
  switch (what) {
    case 'model':
      return [
        `${provider}/${model}`,
        code === undefined ? outcome : `${outcome}: ${code}`,
        `took ${duration(ms)}`,
        firstMs !== undefined && `first output after ${duration(Number(firstMs))}`,
        outputTokens !== undefined && `${count(Number(inputTokens ?? 0))} / ${count(Number(outputTokens))} tokens`,
        costMicros !== undefined && `cost ${cost(Number(costMicros))}`,
      ]
        .filter(Boolean)
        .join(', ');
    case 'tool':
      return `${details['name']}, ${outcome}, took ${duration(ms)}`;
    case 'claimed':
      return [`attempt ${details['attempt']}`, details['worker'], ENDED[String(details['ended'])]]
        .filter(Boolean)
        .join(', ');
    case 'settled':
      return String(details['state']);
    case 'admitted':
      return String(details['trigger']);
    case 'lease_over':
      return String(details['worker'] ?? '');
    default:
      return '';
  }
}
