import * as z from 'zod';
import { ProviderConfig } from './config.js';
import { PRESETS } from './adapters/presets/presets.js';

/** An empty variable is an absent one: compose files and shells produce them. */
const variable = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() ? value.trim() : undefined), schema.optional());

const text = variable(z.string());
const url = variable(z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }));

/** The variables of a provider by the fields of its config, and those of which one alone enables it. */
interface Source {
  readonly kind: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly enabledBy: readonly string[];
}

const inCapitals = (kind: string) => kind.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

function sourceOf(
  kind: string,
  enabledBy: Source['enabledBy'],
  name = inCapitals(kind),
  key = `${name}_API_KEY`,
): Source {
  return { kind, variables: { apiKey: key, baseUrl: `${name}_BASE_URL`, defaultModel: `${name}_MODEL` }, enabledBy };
}

/** What the environment can enable. Which of them answers by default is decided by `RANK` in `registry.ts`. */
export const SOURCES: readonly Source[] = [
  sourceOf('openai', ['apiKey', 'baseUrl']),
  {
    kind: 'azure-openai',
    variables: {
      apiKey: 'AZURE_OPENAI_API_KEY',
      endpoint: 'AZURE_OPENAI_ENDPOINT',
      apiVersion: 'AZURE_OPENAI_API_VERSION',
      defaultModel: 'AZURE_OPENAI_DEPLOYMENT',
    },
    enabledBy: ['apiKey'],
  },
  sourceOf('anthropic', ['apiKey', 'baseUrl']),
  sourceOf('cohere', ['apiKey', 'baseUrl'], 'COHERE', 'CO_API_KEY'),
  ...PRESETS.map(({ kind, key }) => sourceOf(kind, key.required ? ['apiKey'] : ['apiKey', 'baseUrl'])),
  sourceOf('huggingface', ['apiKey', 'baseUrl'], 'HF', 'HF_TOKEN'),
  sourceOf('ollama', ['baseUrl']),
];

const isUrl = (field: string) => field === 'baseUrl' || field === 'endpoint';

const Environment = z.object(
  Object.fromEntries(
    SOURCES.flatMap(({ variables }) =>
      Object.entries(variables).map(([field, name]) => [name, isUrl(field) ? url : text]),
    ),
  ),
);

/**
 * The providers that environment variables enable without a config file, demo when there are none.
 *
 * | variable | is |
 * |---|---|
 * | `OPENAI_API_KEY` | enables `openai` |
 * | `OPENAI_BASE_URL` | where it is, with or without a trailing slash; alone it enables `openai` on a server that needs no key |
 * | `AZURE_OPENAI_API_KEY`, `AZURE_OPENAI_ENDPOINT` | together enable `azure-openai` |
 * | `AZURE_OPENAI_API_VERSION` | chooses the API by versions; without it the v1 API is spoken |
 * | `AZURE_OPENAI_DEPLOYMENT` | the deployment that answers when none is asked for |
 * | `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL` | either enables `anthropic`; the URL with or without `/v1` |
 * | `CO_API_KEY`, `COHERE_BASE_URL` | either enables `cohere`; the URL with or without `/v2` |
 * | `<PRESET>_API_KEY`, `<PRESET>_BASE_URL` | a key enables the preset, or a base URL where no key is needed: `GROQ_API_KEY`, `LM_STUDIO_BASE_URL` |
 * | `HF_TOKEN`, `HF_BASE_URL` | either enables `huggingface` |
 * | `OLLAMA_BASE_URL` | enables `ollama`; with or without `/v1` |
 * | `OLLAMA_API_KEY` | for an Ollama that wants one |
 * | `OPENAI_MODEL`, `ANTHROPIC_MODEL`, `COHERE_MODEL`, `<PRESET>_MODEL`, `HF_MODEL`, `OLLAMA_MODEL` | the model that answers when none is asked for |
 *
 * @throws z.ZodError whose paths are the names of the variables that are wrong, all of them at once
 */
export function providersFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProviderConfig[] {
  const known = Environment.safeParse(env);
  const issues = known.success ? [] : [...known.error.issues];
  // From the valid variables, so that combinations of them are checked, too.
  const values: Readonly<Record<string, string | undefined>> = Environment.parse(without(env, issues));
  const providers = SOURCES.flatMap((source) => {
    if (!source.enabledBy.some((field) => values[source.variables[field] ?? ''] !== undefined)) return [];
    const fields = Object.entries(source.variables).map(([field, name]) => [field, values[name]]);
    const parsed = ProviderConfig.safeParse({ kind: source.kind, ...Object.fromEntries(fields) });
    if (parsed.success) return [parsed.data];
    issues.push(...issuesOf(source, parsed.error, values).filter(({ path }) => !mentions(issues, path[0])));
    return [];
  });
  if (issues.length > 0) throw new z.ZodError(issues);
  return providers.length > 0 ? providers : [ProviderConfig.parse({ kind: 'demo' })];
}

const mentions = (issues: readonly z.core.$ZodIssue[], name: unknown) => issues.some(({ path }) => path[0] === name);

function without(env: Readonly<Record<string, string | undefined>>, issues: readonly z.core.$ZodIssue[]) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !mentions(issues, name)));
}

/** What is wrong with the fields of a config, in the names of the variables. */
function issuesOf(
  { kind, variables }: Source,
  { issues }: z.ZodError,
  values: Readonly<Record<string, string | undefined>>,
): z.core.$ZodIssue[] {
  return issues.map((issue) => {
    const name = variables[String(issue.path[0])] ?? kind;
    const message = values[name] === undefined ? `is needed for ${kind}` : issue.message;
    return { code: 'custom', path: [name], message, input: values[name] };
  });
}
