/** What the server answers below `/admin/api` (apps/api/src/admin); both are of the same build. */

export interface Session {
  readonly actor: string;
  /** Conversations may be read. */
  readonly may_read: boolean;
}

export type RunState = 'queued' | 'working' | 'completed' | 'failed' | 'cancelled';

export interface Run {
  readonly id: string;
  readonly tenant: string;
  readonly user: string;
  readonly thread_id: string | null;
  readonly state: RunState;
  readonly is_stopping: boolean;
  readonly is_overdue: boolean;
  readonly is_waiting: boolean;
  readonly trigger: string;
  readonly assistant: string;
  readonly model: string | null;
  readonly attempt: number;
  readonly worker: string | null;
  readonly created_at: string;
  readonly settled_at: string | null;
  readonly age_ms: number;
  readonly queue_wait_ms: number;
  readonly first_token_ms: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cost_micros: number | null;
  readonly error: { readonly code: string; readonly cause: string | null; readonly fix: string } | null;
}

export interface TimelineEntry {
  readonly at: string;
  readonly what: string;
  readonly ms?: number;
  readonly details?: Readonly<Record<string, string | number>>;
}

export interface RunDetails extends Run {
  readonly job_ids: readonly string[];
  readonly timeline: readonly TimelineEntry[];
  readonly steps_left_out: number;
  readonly thread_status: { readonly type: 'active' | 'locked' | 'closed'; readonly reason?: string } | null;
}

export interface RunPage {
  readonly data: readonly Run[];
  readonly next: string | null;
  readonly looked_until: string | null;
}

export interface Overview {
  readonly queued: number;
  readonly waiting: number;
  readonly working: number;
  readonly overdue: number;
  readonly oldest_wait_ms: number;
  readonly failed: readonly { readonly code: string; readonly count: number }[];
}

export interface Worker {
  readonly id: string;
  readonly working: number;
  readonly overdue: number;
  readonly load: {
    readonly host: string;
    readonly pid: number;
    readonly node: string;
    readonly started_at: string;
    readonly runs: number;
    readonly concurrency: number;
    readonly memory_bytes: number;
    readonly cpu: number;
    readonly loop_delay_ms: number;
    readonly is_stopping: boolean;
    readonly age_ms: number | null;
  } | null;
}

export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly default_model: string;
  readonly health: {
    readonly ok: boolean;
    readonly latency_ms: number;
    readonly checked_at: string;
    readonly code: string | null;
    readonly detail: string | null;
  } | null;
  readonly refused: readonly { readonly model: string; readonly feature: string; readonly until: string }[];
}

export interface Breaker {
  readonly key: string;
  readonly tenant: string | null;
  readonly provider: string;
  readonly model: string;
  readonly state: 'open' | 'half_open' | 'closed';
  readonly opened_by: 'operator' | 'failures' | null;
  readonly open_for_ms: number | null;
  readonly failures: number;
  readonly last_error: { readonly code: string; readonly detail: string } | null;
}

export interface Sums {
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micros: number | null;
}

/** Numbers for each of the days of the report. */
interface PerDay {
  readonly tokens: readonly number[];
  readonly cost_micros: readonly (number | null)[];
}

export interface UsageReport {
  readonly from: string;
  readonly to: string;
  readonly days: readonly (Sums & { readonly day: string })[];
  readonly models: readonly (Sums & { readonly model: string })[];
  readonly users: readonly (Sums & { readonly tenant: string; readonly user: string })[];
  readonly trends: {
    readonly models: readonly (PerDay & { readonly model: string })[];
    readonly users: readonly (PerDay & { readonly tenant: string; readonly user: string })[];
  };
}

/** How many are used; `allowed` null: as many as you like. */
export interface InUse {
  readonly used: number;
  readonly allowed: number | null;
}

interface RateInUse {
  readonly per_minute: number;
  readonly free: number;
  readonly wait_ms: number;
}

export interface Limits {
  readonly calls: readonly {
    readonly of: 'provider' | 'model';
    readonly name: string;
    readonly concurrency: (InUse & { readonly waiting: number }) | null;
    readonly requests: RateInUse | null;
    readonly tokens: RateInUse | null;
  }[];
  readonly paused_keys: readonly { readonly provider: string; readonly key: string; readonly for_ms: number }[];
  readonly runs: {
    readonly queued: InUse;
    readonly owners: readonly {
      readonly tenant: string;
      readonly user: string | null;
      readonly active: InUse;
      readonly queued: InUse;
    }[];
  };
  readonly attachments: readonly {
    readonly worker: string;
    readonly used_bytes: number;
    readonly allowed_bytes: number;
    readonly waiting: number;
  }[];
  readonly quotas: {
    readonly data: readonly {
      readonly tenant: string;
      readonly user: string | null;
      readonly quota: string;
      readonly limit: number;
      readonly used: number;
      readonly reserved: number;
      readonly resets_at: string;
    }[];
    readonly is_cut: boolean;
  };
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly tenant: string | null;
  readonly subject: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
}

export interface Listed<T> {
  readonly data: readonly T[];
  readonly has_more?: boolean;
}

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly content?: string | readonly { readonly type?: string; readonly text?: string }[];
  readonly attachments?: readonly { readonly name: string }[];
  /** Of a tool. */
  readonly name?: string;
}

export interface RunContent extends Listed<Item> {
  readonly is_cut: boolean;
}
