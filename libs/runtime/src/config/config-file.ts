import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { AssistantPresentation } from '#chatkit';
import { AuthFile, HeaderName } from '../auth/auth-file.js';
import { AttachmentsConfig } from '../attachments/attachment-config.js';
import { ConfigError, type Environment } from '../environment/parse-environment.js';
import { quotaProblems, QuotasConfig } from '../quotas/quotas.js';
import { DoubleTexting } from '../runs/double-texting.js';
import { LimitsConfig } from '../runs/limits.js';
import { RequestLimitsConfig } from './request-limits.js';
import { type ConfigIssue, configIssue } from './config-issue.js';
import { ConfigSource } from './config-source.js';
import { missingModules, type ModuleReader } from './missing-modules.js';
import { plainWords } from './plain-words.js';
import { RetentionConfig } from './retention.js';

/** Read from the working directory when `CHATKIT_CONFIG` is not set. */
const DEFAULT_CONFIG_FILE = 'chatkit.config.yaml';

const Id = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'must be letters, digits, "_", "." and "-"');
const ModelName = z.string().min(1);

/** How titles are made: by a small model call, or from the first message when `model` is absent and no model is available. */
const Titles = z.union([
  z.literal(false),
  z.strictObject({
    model: ModelName.optional().describe("The model that makes titles; the assistant's own by default"),
    fromMessage: z.boolean().default(false).describe('Uses the first words of the message instead of a model call'),
  }),
]);
export type TitleConfig = z.output<typeof Titles>;

const Assistant = z.strictObject({
  id: Id.describe('Its name in requests: letters, digits, `_`, `.` and `-`'),
  module: z
    .string()
    .min(1)
    .optional()
    .describe('An ES module whose default export is `defineAssistant({ … })`; relative to the config file'),
  instructions: z.string().optional().describe('What the model is told before the conversation'),
  model: ModelName.optional().describe('`provider/model` or a public name; `defaults.model` by default'),
  historyItems: z.int().min(1).max(1000).optional().describe('Maximum number of newest items in a prompt'),
  allowCancel: z.boolean().optional().describe('Whether pages offer a stop button; true by default'),
  doubleTexting: DoubleTexting.optional().describe(
    'What happens to a message that is sent while its thread is being answered',
  ),
  ...AssistantPresentation.shape,
});
export type AssistantConfig = z.output<typeof Assistant>;

export const ConfigFile = z.strictObject({
  auth: AuthFile.prefault({}),
  providers: z
    .array(z.looseObject({ kind: z.string().optional(), module: z.string().min(1).optional() }))
    .default([])
    .describe(
      'Checked by the provider library, which knows the kinds. `module`: an ES module, relative to the config file',
    ),
  models: z
    .record(z.string().min(1), z.union([ModelName, z.looseObject({ model: ModelName })]))
    .default({})
    .describe('Public names; `*` matches every other name, and a `*` in its target is replaced by that name'),
  heartbeat: z
    .union([
      z.literal(false),
      z.strictObject({ seconds: z.number().min(1).max(300).describe('How long a stream may be silent') }),
    ])
    .default({ seconds: 15 })
    .describe(
      'Sends a comment frame after this many seconds of silence, so that proxies do not cut the stream; false disables it',
    ),
  deadlines: z
    .looseObject({})
    .default({})
    .describe(
      'Timeouts for each phase of a model call, where provider and model set none; checked by the provider library',
    ),
  assistants: z.array(Assistant).default([]),
  doubleTexting: DoubleTexting.default('enqueue').describe('For assistants that do not set their own'),
  limits: z.strictObject({ ...LimitsConfig.shape, ...RequestLimitsConfig.shape }).prefault({}),
  quotas: QuotasConfig.prefault({}).describe(
    'Requests a minute, and tokens and money per day and month, of users and tenants; absent: no quotas',
  ),
  defaults: z
    .strictObject({
      model: ModelName.optional().describe('For requests that name none'),
      assistant: Id.optional().describe('For requests that name none'),
    })
    .default({}),
  titles: Titles.default({ fromMessage: false }),
  transcription: z
    .strictObject({ model: ModelName.describe('`provider/model` or a public name') })
    .optional()
    .describe('The model that turns speech into text, for assistants without a callback for it'),
  hooks: z
    .string()
    .min(1)
    .optional()
    .describe('An ES module whose default export is `defineHooks({ … })`; relative to the config file'),
  cache: z
    .strictObject({
      ttlSeconds: z.int().min(1).describe('How long an answer may be reused'),
      maxEntryBytes: z
        .int()
        .min(1)
        .default(256 * 1024)
        .describe('Larger answers are not cached'),
    })
    .optional()
    .describe('The cache of gateway answers, reused for the same call of the same tenant; absent: disabled'),
  retention: RetentionConfig.prefault({}).describe('What is deleted by age; nothing by default'),
  attachments: AttachmentsConfig.prefault({}),
  context: z
    .strictObject({ headers: z.array(HeaderName).default([]).describe('Their names') })
    .default({ headers: [] })
    .describe('Request headers that are passed to assistants'),
});

/** The content of the config file, with defaults; its paths are absolute. */
export type RelayConfig = z.output<typeof ConfigFile>;

/**
 * Reads the file that `CHATKIT_CONFIG` names, or the default file if it exists; YAML or JSON, in which `${NAME}` is replaced
 * by an environment variable. Returns the defaults when there is no file. Throws `ConfigError` with all problems.
 */
export function loadConfigFile(env: Environment): RelayConfig {
  const { file, report } = readConfigFile(env);
  const problems = report();
  if (problems.length > 0) throw new ConfigError(problems);
  return file;
}

/** Undefined when there is no file, and none is named. */
function configPath({ CHATKIT_CONFIG: named }: Environment): string | undefined {
  const path = resolve(named || DEFAULT_CONFIG_FILE);
  return named || existsSync(path) ? path : undefined;
}

/** What was read. Settings that are wrong have their defaults, so that everything else can still be checked. */
export interface ReadConfig {
  readonly file: RelayConfig;
  /** As it was written, variables inserted; undefined where references cannot be judged, because parts are missing. */
  readonly written: unknown;
  /** The environment variables that it refers to. */
  readonly inserted: ReadonlySet<string>;
  /** The keys of the file that have mistakes. */
  readonly wrong: ReadonlySet<string>;
  /** False: there is no file, and none is named. */
  readonly isGiven: boolean;
  /** Everything that is wrong, with lines; `more`: what others found in the file, by their `schema` of it. */
  readonly report: (more?: readonly ConfigIssue[], schema?: () => object) => readonly string[];
}

/**
 * Like `loadConfigFile`, but returns what is wrong, so that a caller can report it with everything else. The modules that the
 * `reader` will load must exist.
 */
export function readConfigFile(env: Environment, reader?: ModuleReader): ReadConfig {
  const path = configPath(env);
  if (path === undefined) {
    const file = ConfigFile.parse({});
    return { file, written: {}, inserted: new Set(), wrong: new Set(), isGiven: false, report: () => [] };
  }
  const source = new ConfigSource(path, env);
  const parsed = ConfigFile.safeParse(source.value, { error: plainWords });
  const schemaIssues = parsed.error?.issues ?? [];
  const wrong = new Set(schemaIssues.flatMap(({ path: [key] }) => (key === undefined ? [] : [String(key)])));
  const file = parsed.data ?? withoutWrong(source.value);
  const issues = [
    ...schemaIssues,
    ...(source.isWhole ? crossChecks(file, source.value) : []),
    ...(source.isWhole && reader ? missingModules(source.value, dirname(path), reader) : []),
  ];
  return {
    file: withAbsolutePaths(file, dirname(path)),
    written: source.isWhole ? source.value : undefined,
    inserted: source.inserted,
    wrong,
    isGiven: true,
    report: (more = [], schema = ownSchema) => source.report([...issues, ...more], schema),
  };
}

const ownSchema = (): object => z.toJSONSchema(ConfigFile, { io: 'input', unrepresentable: 'any' });

/** Every key that is right by itself; the others have their defaults. */
function withoutWrong(value: unknown): RelayConfig {
  const given = typeof value === 'object' && value !== null ? value : {};
  const right = Object.entries(ConfigFile.shape).flatMap(([key, schema]): [string, unknown][] => {
    const one: unknown = Reflect.get(given, key);
    return one !== undefined && schema.safeParse(one).success ? [[key, one]] : [];
  });
  return ConfigFile.parse(Object.fromEntries(right));
}

function withAbsolutePaths(file: RelayConfig, base: string): RelayConfig {
  const { assistants, auth, providers, hooks } = file;
  return {
    ...file,
    assistants: assistants.map((assistant) => withAbsolutePath(assistant, base)),
    providers: providers.map((provider) => withAbsolutePath(provider, base)),
    auth: withAbsolutePath(auth, base),
    ...(hooks !== undefined && { hooks: resolve(base, hooks) }),
  };
}

function withAbsolutePath<Entry extends { readonly module?: string | undefined }>(entry: Entry, base: string): Entry {
  return entry.module === undefined ? entry : { ...entry, module: resolve(base, entry.module) };
}

/** Mistakes between several parts of the file. Ids are taken from what was written: another mistake of an entry must not hide it. */
function crossChecks({ quotas }: RelayConfig, written: unknown): ConfigIssue[] {
  const { assistants, defaults } = Written.parse(written);
  const ids = assistants.map(({ id }) => id);
  const twice = ids.flatMap((id, index) =>
    id !== undefined && ids.indexOf(id) !== index
      ? [configIssue(['assistants', index, 'id'], `the id "${id}" is used twice`)]
      : [],
  );
  const { assistant } = defaults;
  const isUnknown = assistant !== undefined && !ids.includes(assistant);
  return [
    ...twice,
    ...quotaProblems(quotas).map(({ path, message }) => configIssue([...path], message)),
    ...(isUnknown
      ? [
          configIssue(['defaults', 'assistant'], `there is no assistant "${assistant}"`, {
            unknown: assistant,
            known: ids.filter((id) => id !== undefined),
          }),
        ]
      : []),
  ];
}

/** The parts of the file that others refer to, whatever else is in it. */
const Written = z
  .object({
    assistants: z.array(z.object({ id: z.string().optional().catch(undefined) }).catch({})).catch([]),
    defaults: z.object({ assistant: z.string().optional().catch(undefined) }).catch({}),
  })
  .catch({ assistants: [], defaults: {} });
