import { type Json, object } from '../http/json.js';
import { CallSettings, type SettingName } from '../spec/call-settings.js';
import type { ModelInfo } from '../spec/provider.js';

/** What a list says of a model, as it came. Of several values for one fact the first that is usable counts. */
export interface ListedModel {
  readonly id: unknown;
  readonly name?: unknown;
  readonly contextWindow?: readonly unknown[];
  readonly maxOutput?: readonly unknown[];
  readonly defaults?: Readonly<Partial<Record<SettingName, unknown>>> | undefined;
  readonly settings?: readonly SettingName[] | undefined;
}

/** Longer ones are no names: they would fill a picker, and every request. */
const MAX_ID_LENGTH = 256;
const MAX_NAME_LENGTH = 100;
/** No window is larger; what is, says that there is no limit. */
const MAX_TOKENS = 1_000_000_000;

/**
 * The models of a list. What is wrong of an entry is left out, an entry without a usable id entirely; each id counts once.
 * @throws Error where there are entries, and none of them is a model
 */
export function readModels(
  entries: readonly unknown[],
  describe: (entry: Json) => ListedModel,
  canChat: (entry: Json, id: string) => boolean = () => true,
): ModelInfo[] {
  const models = new Map<string, ModelInfo>();
  let known = 0;
  for (const entry of entries) {
    const fields = object(entry);
    const model = fields && modelInfo(describe(fields));
    if (!model) continue;
    known += 1;
    if (!models.has(model.id) && canChat(fields, model.id)) models.set(model.id, model);
  }
  if (entries.length > 0 && known === 0) throw new Error('no entry of the list has an id');
  return [...models.values()];
}

/** Undefined without an id that a request could name. */
export function modelInfo({
  id,
  name,
  contextWindow = [],
  maxOutput = [],
  defaults = {},
  settings,
}: ListedModel): ModelInfo | undefined {
  if (!isId(id)) return undefined;
  const shown = nameOf(name);
  const window = firstTokens(contextWindow);
  const output = firstTokens(maxOutput);
  const usual = validSettings(defaults);
  return {
    id,
    ...(shown !== undefined && shown !== id && { name: shown }),
    ...(window !== undefined && { contextWindow: window }),
    // A server that names its window here has no limit of its own.
    ...(output !== undefined && { maxOutput: window === undefined ? output : Math.min(output, window) }),
    ...(Object.keys(usual).length > 0 && { defaults: usual }),
    ...(settings && { settings }),
  };
}

const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.trim() === id && id !== '' && id.length <= MAX_ID_LENGTH && !/\p{C}/u.test(id);

/** One line, without characters that are not seen. */
function nameOf(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  const line = name
    .slice(0, 10 * MAX_NAME_LENGTH)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (line.length <= MAX_NAME_LENGTH) return line || undefined;
  return `${Array.from(line)
    .slice(0, MAX_NAME_LENGTH - 1)
    .join('')}…`;
}

const firstTokens = (values: readonly unknown[]): number | undefined =>
  values.map(tokensOf).find((value) => value !== undefined);

/** A whole positive number, also as digits in a string. */
function tokensOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= MAX_TOKENS
    ? number
    : undefined;
}

function validSettings(defaults: NonNullable<ListedModel['defaults']>): CallSettings {
  const valid = Object.entries(defaults).filter(
    ([name, value]) => value != null && CallSettings.safeParse({ [name]: value }).success,
  );
  return Object.fromEntries(valid) as CallSettings;
}

/** The smallest, for a model that several hosts serve: whichever answers, a prompt of that size fits. */
export function smallest(values: readonly unknown[]): number | undefined {
  const tokens = values.map(tokensOf).filter((value) => value !== undefined);
  return tokens.length > 0 ? Math.min(...tokens) : undefined;
}
