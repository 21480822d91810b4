import type { ReactNode } from 'react';
import { cost, count, duration, time } from '../format.js';
import { Link } from '../link.js';
import { Shown } from '../notes.js';
import type { RunDetails } from '../types.js';
import { useLoaded } from '../use-loaded.js';
import { Conversation } from './conversation.js';
import { RunActions } from './run-actions.js';
import { StateBadge } from './state-badge.js';
import { ThreadStatus } from './thread-status.js';
import { Timeline } from './timeline.js';

const REFRESH_MS = 2_000;

interface RunViewProps {
  readonly id: string;
  /** Conversations may be read. */
  readonly mayRead: boolean;
}

export function RunView({ id, mayRead }: RunViewProps) {
  const loaded = useLoaded<RunDetails>(`runs/${encodeURIComponent(id)}`, REFRESH_MS);
  return (
    <>
      <p className="a-back">
        <Link to="/admin/runs">All runs</Link>
      </p>
      <h1 className="a-id">{id}</h1>
      <Shown loaded={loaded}>{(run) => <Story run={run} mayRead={mayRead} onChange={loaded.reload} />}</Shown>
    </>
  );
}

interface StoryProps {
  readonly run: RunDetails;
  readonly mayRead: boolean;
  readonly onChange: () => void;
}

function Story({ run, mayRead, onChange }: StoryProps) {
  const { thread_id: threadId, thread_status: status, error } = run;
  return (
    <>
      <div className="a-run-head">
        <StateBadge run={run} />
        <RunActions run={run} onDone={onChange} />
      </div>
      {error && (
        <section className="a-failure" aria-label="Failure">
          <p>
            <strong>{error.code}</strong> {error.cause}
          </p>
          <p>{error.fix}</p>
        </section>
      )}
      <Facts run={run} />
      <Timeline run={run} />
      {threadId !== null && (
        <section aria-labelledby="conversation">
          <h2 id="conversation">Conversation</h2>
          {status && (
            <ThreadStatus
              key={`${status.type} ${status.reason ?? ''}`}
              threadId={threadId}
              status={status}
              onDone={onChange}
            />
          )}
          {mayRead ? (
            <Conversation runId={run.id} />
          ) : (
            <p className="a-note">What was said is not shown here (ADMIN_CONTENT).</p>
          )}
        </section>
      )}
    </>
  );
}

function Facts({ run }: { readonly run: RunDetails }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['User', <Link to={`/admin/runs?${new URLSearchParams({ tenant: run.tenant, user: run.user })}`}>{run.user}</Link>],
    ['Tenant', <Link to={`/admin/runs?tenant=${encodeURIComponent(run.tenant)}`}>{run.tenant}</Link>],
    ['Conversation', <ThreadLink id={run.thread_id} />],
    ['Created', time(run.created_at)],
    [run.settled_at === null ? 'Age' : 'Duration', duration(run.age_ms)],
    ['Queue wait', duration(run.queue_wait_ms)],
    ['First token after', duration(run.first_token_ms)],
    ['Model', run.model ?? '–'],
    ['Assistant', run.assistant],
    ['Tokens', `${count(run.input_tokens)} in, ${count(run.output_tokens)} out`],
    ['Cost', cost(run.cost_micros)],
    ['Attempt', run.attempt],
    ['Worker', run.worker ?? '–'],
    ['Jobs', <JobLinks ids={run.job_ids} />],
  ];
  return (
    <dl className="a-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function ThreadLink({ id }: { readonly id: string | null }) {
  if (id === null) return 'none (gateway request)';
  return (
    <Link to={`/admin/runs?thread=${encodeURIComponent(id)}`} className="a-id">
      {id}
    </Link>
  );
}

/** The queue keeps those of the last day, 1,000 of each kind. */
function JobLinks({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return 'none yet';
  return ids.map((id) => (
    <a key={id} className="a-id" href={`/admin/queues/queue/run-turn/${encodeURIComponent(id)}`}>
      {id}
    </a>
  ));
}
