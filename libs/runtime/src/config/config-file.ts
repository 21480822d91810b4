import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { AuthFile, HeaderName } from '../auth/auth-file.js';
import { AttachmentsConfig } from '../attachments/attachment-config.js';
import { ConfigError, type Environment } from '../platform/environment.js';
import { quotaProblems, QuotasConfig } from '../quotas/quotas.js';
import { DoubleTexting } from '../runs/double-texting.js';
import { LimitsConfig } from '../runs/limits.js';
import { RequestLimitsConfig } from './request-limits.js';
import { interpolate } from './interpolate.js';
import { RetentionConfig } from './retention.js';

/** Read from the working directory when `CHATKIT_CONFIG` is not set. */
const DEFAULT_CONFIG_FILE = 'chatkit.config.yaml';

const Id = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'must be letters, digits, "_", "." and "-"');
const ModelName = z.string().min(1);

/** How titles are made: by a small model call, or from the first message when `model` is absent and no model is available. */
const Titles = z.union([
  z.literal(false),
  z.strictObject({
    /** The model that makes titles; the assistant's own by default. */
    model: ModelName.optional(),
    /** Uses the first words of the message instead of a model call. */
    fromMessage: z.boolean().default(false),
  }),
]);
export type TitleConfig = z.output<typeof Titles>;

const Assistant = z.strictObject({
  id: Id,
  /** An ES module whose default export is `defineAssistant({ … })`; relative to the config file. */
  module: z.string().min(1).optional(),
  instructions: z.string().optional(),
  model: ModelName.optional(),
  /** Maximum number of newest items in a prompt. */
  historyItems: z.int().min(1).max(1000).optional(),
  allowCancel: z.boolean().optional(),
  /** What happens to a message that is sent while its thread is being answered. */
  doubleTexting: DoubleTexting.optional(),
});
export type AssistantConfig = z.output<typeof Assistant>;

export const ConfigFile = z.strictObject({
  auth: AuthFile.prefault({}),
  /** Checked by the provider library, which knows the kinds. `module`: an ES module, relative to the config file. */
  providers: z.array(z.looseObject({ kind: z.string().optional(), module: z.string().min(1).optional() })).default([]),
  /** Public names; `*` matches every other name, and a `*` in its target is replaced by that name. */
  models: z.record(z.string().min(1), z.union([ModelName, z.looseObject({ model: ModelName })])).default({}),
  /** Sends a comment frame after this many seconds of silence, so that proxies do not cut the stream; false disables it. */
  heartbeat: z
    .union([z.literal(false), z.strictObject({ seconds: z.number().min(1).max(300) })])
    .default({ seconds: 15 }),
  /** Timeouts for each phase of a model call, where provider and model set none; checked by the provider library. */
  deadlines: z.looseObject({}).default({}),
  assistants: z.array(Assistant).default([]),
  /** For assistants that do not set their own. */
  doubleTexting: DoubleTexting.default('enqueue'),
  limits: z.strictObject({ ...LimitsConfig.shape, ...RequestLimitsConfig.shape }).prefault({}),
  /** Requests a minute, and tokens and money per day and month, of users and tenants; absent: no quotas. */
  quotas: QuotasConfig.prefault({}),
  defaults: z.strictObject({ model: ModelName.optional(), assistant: Id.optional() }).default({}),
  titles: Titles.default({ fromMessage: false }),
  /** The model that turns speech into text, for assistants without a callback for it. */
  transcription: z.strictObject({ model: ModelName }).optional(),
  /** An ES module whose default export is `defineHooks({ … })`; relative to the config file. */
  hooks: z.string().min(1).optional(),
  /** The cache of gateway answers, reused for the same call of the same tenant; absent: disabled. */
  cache: z
    .strictObject({
      ttlSeconds: z.int().min(1),
      /** Larger answers are not cached. */
      maxEntryBytes: z
        .int()
        .min(1)
        .default(256 * 1024),
    })
    .optional(),
  /** What is deleted by age; nothing by default. */
  retention: RetentionConfig.prefault({}),
  attachments: AttachmentsConfig.prefault({}),
  /** Request headers that are passed to assistants. */
  context: z.strictObject({ headers: z.array(HeaderName).default([]) }).default({ headers: [] }),
});

/** The content of the config file, with defaults; its paths are absolute. */
export type RelayConfig = z.output<typeof ConfigFile>;

/**
 * Reads the file that `CHATKIT_CONFIG` names, or the default file if it exists; YAML or JSON, in which `${NAME}` is replaced
 * by an environment variable. Returns the defaults when there is no file. Throws `ConfigError` with all problems.
 */
export function loadConfigFile(env: Environment): RelayConfig {
  const named = env['CHATKIT_CONFIG'];
  const path = resolve(named || DEFAULT_CONFIG_FILE);
  if (!named && !existsSync(path)) return ConfigFile.parse({});
  return readConfig(path, env);
}

/** Like `loadConfigFile`, but returns the problems with the defaults, so that a caller can report everything at once. */
export function readConfigFile(env: Environment): { readonly file: RelayConfig; readonly problems: readonly string[] } {
  try {
    return { file: loadConfigFile(env), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { file: ConfigFile.parse({}), problems: error.problems };
  }
}

function readConfig(path: string, env: Environment): RelayConfig {
  const fail = (problems: readonly string[]): never => {
    throw new ConfigError(problems.map((problem) => `${path}: ${problem}`));
  };
  const document = parseDocument(readText(path, fail));
  if (document.errors.length > 0) fail(document.errors.map((error) => error.message));
  const { value, missing } = interpolate(document.toJS() ?? {}, env);
  if (missing.length > 0) fail(missing.map((name) => `the variable ${name}, which it refers to, is not set`));
  const parsed = ConfigFile.safeParse(value);
  if (!parsed.success) {
    return fail(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`));
  }
  const problems = crossChecks(parsed.data);
  if (problems.length > 0) fail(problems);
  const base = dirname(path);
  const { assistants, auth, providers, hooks } = parsed.data;
  return {
    ...parsed.data,
    assistants: assistants.map((assistant) => withAbsolutePath(assistant, base)),
    providers: providers.map((provider) => withAbsolutePath(provider, base)),
    auth: withAbsolutePath(auth, base),
    ...(hooks !== undefined && { hooks: resolve(base, hooks) }),
  };
}

function withAbsolutePath<Entry extends { readonly module?: string | undefined }>(entry: Entry, base: string): Entry {
  return entry.module === undefined ? entry : { ...entry, module: resolve(base, entry.module) };
}

function readText(path: string, fail: (problems: readonly string[]) => never): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return fail([`cannot be read (${(error as Error).message}); CHATKIT_CONFIG must name a readable file`]);
  }
}

/** Problems that involve several parts of the file. */
function crossChecks({ assistants, defaults, quotas }: RelayConfig): string[] {
  const ids = assistants.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...twice.map((id) => `assistants: the id "${id}" is used twice`),
    ...quotaProblems(quotas),
    ...(defaults.assistant && !ids.includes(defaults.assistant)
      ? [`defaults.assistant: there is no assistant "${defaults.assistant}"`]
      : []),
  ];
}
