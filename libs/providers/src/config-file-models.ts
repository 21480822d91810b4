import * as z from 'zod';
import { lookUpModel, type ModelNameMap } from './model-names.js';
import { type Deadlines, InstallationDeadlines, NamedModel, POLICY_DEFAULTS } from './spec/policy-config.js';
import type { ProviderConfigInput } from './provider-config.js';

/** What a config file says of models, as it was written. */
interface Written {
  readonly models: Readonly<Record<string, unknown>>;
  readonly deadlines: unknown;
}

/**
 * The public names of a config file and its deadlines. `problems` has everything that is wrong with them, fallbacks that no
 * configured provider could answer included.
 */
export function modelSettingsOf(
  { models, deadlines }: Written,
  providers: readonly ProviderConfigInput[],
): {
  readonly names: ModelNameMap;
  readonly deadlines: Deadlines;
  readonly runMs: number;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const names: Record<string, string | NamedModel> = {};
  for (const [name, entry] of Object.entries(models)) {
    const parsed = typeof entry === 'object' ? NamedModel.safeParse(entry) : z.string().min(1).safeParse(entry);
    if (parsed.success) names[name] = parsed.data;
    else problems.push(...problemsOf(parsed.error, `models.${name}`));
  }
  const limits = InstallationDeadlines.safeParse(deadlines);
  if (!limits.success) problems.push(...problemsOf(limits.error, 'deadlines'));
  for (const [name, entry] of Object.entries(names)) {
    if (typeof entry === 'object') problems.push(...fallbackProblems(name, entry, names, providers));
  }
  const { runMs, ...forCalls } = limits.data ?? {};
  return { names, deadlines: forCalls, runMs: runMs ?? defaultRunMs(forCalls, names, providers), problems };
}

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

const idOf = ({ id, kind }: ProviderConfigInput): string => id ?? kind;

function fallbackProblems(
  name: string,
  { fallback = [] }: NamedModel,
  names: ModelNameMap,
  providers: readonly ProviderConfigInput[],
): string[] {
  const ids = providers.map(idOf);
  return fallback.flatMap((target, index) => {
    const { model } = lookUpModel(target, names, (id) => ids.includes(id));
    const [id = '', ...rest] = model.split('/');
    const where = `models.${name}.fallback.${index}`;
    if (!ids.includes(id)) return [`${where}: no provider for "${target}"; known providers: ${ids.join(', ')}`];
    const modelId = rest.join('/');
    if (modelId === '') return [`${where}: "${target}" names no model; write ${id}/<model>`];
    const provider = providers.find((one) => idOf(one) === id);
    const isRefused =
      provider && 'onlyListed' in provider && provider.onlyListed && !provider.models?.includes(modelId);
    return isRefused ? [`${where}: ${id} offers only the models that it lists, not "${modelId}"`] : [];
  });
}

const problemsOf = (error: z.ZodError, where: string): string[] =>
  error.issues.map(({ path, message }) => `${[where, ...path].join('.')}: ${message}`);
