import * as z from 'zod';
import type { ModelNameMap } from './model-names.js';
import { type Deadlines, InstallationDeadlines, NamedModel, POLICY_DEFAULTS } from './spec/policy-config.js';
import type { ProviderConfigInput } from './provider-config.js';

/** What a config file says of models, as it was written. */
interface Written {
  readonly models: Readonly<Record<string, unknown>>;
  readonly deadlines: unknown;
}

/** The public names of a config file and its deadlines. `issues` has everything that is wrong with them. */
export function modelSettingsOf(
  { models, deadlines }: Written,
  providers: readonly ProviderConfigInput[],
  words?: z.core.$ZodErrorMap,
): {
  readonly names: ModelNameMap;
  readonly deadlines: Deadlines;
  readonly runMs: number;
  readonly issues: readonly z.core.$ZodIssue[];
} {
  const issues: z.core.$ZodIssue[] = [];
  const names: Record<string, string | NamedModel> = {};
  for (const [name, entry] of Object.entries(models)) {
    const schema = typeof entry === 'object' ? NamedModel : z.string().min(1);
    const parsed = schema.safeParse(entry, { error: words });
    if (parsed.success) names[name] = parsed.data;
    else issues.push(...issuesAt(['models', name], parsed.error));
  }
  const limits = InstallationDeadlines.safeParse(deadlines, { error: words });
  if (!limits.success) issues.push(...issuesAt(['deadlines'], limits.error));
  const { runMs, ...forCalls } = limits.data ?? {};
  return { names, deadlines: forCalls, runMs: runMs ?? defaultRunMs(forCalls, names, providers), issues };
}

const issuesAt = (where: readonly string[], { issues }: z.ZodError): z.core.$ZodIssue[] =>
  issues.map((issue) => ({ ...issue, path: [...where, ...issue.path] }));

/** A run must not be ended in the middle of a call that may go on: its default grows with the longest call that is configured. */
function defaultRunMs(deadlines: Deadlines, names: ModelNameMap, providers: readonly ProviderConfigInput[]): number {
  const said = [...Object.values(names), ...providers].flatMap((entry) =>
    typeof entry === 'object' && 'deadlines' in entry ? (entry.deadlines?.totalMs ?? []) : [],
  );
  const longest = Math.max(deadlines.totalMs ?? POLICY_DEFAULTS.deadlines.totalMs, ...said);
  return Math.min(LONGEST_TIMER_MS, longest * LONGEST_CALLS);
}

/** A run may take as long as so many model calls that each take as long as any may. */
const LONGEST_CALLS = 3;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
