import type { ChatKitOptions, ChatKitIcon, CustomApiConfig } from '@openai/chatkit';
import type { ServerAssistant, ServerConfig, ServerFacts } from './read-server.js';

export interface OptionsFacts extends ServerFacts {
  /** URL of the protocol endpoint, of the assistant if one was chosen. */
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  /** Id of the assistant that answers; without it the server's default one. */
  readonly assistant?: string | undefined;
  /** Instead of the server's. */
  readonly domainKey?: string | undefined;
  readonly initialThread: string | null;
}

/** The address that has an assistant answer. One that the server does not have (any more) is left out. */
export function urlOfAssistant(
  url: string,
  assistant: string | undefined,
  { assistants }: Pick<ServerConfig, 'assistants'>,
): string {
  const isKnown = assistants.length === 0 || assistants.some(({ id }) => id === assistant);
  if (assistant === undefined || !isKnown) return url;
  return `${url}${url.includes('?') ? '&' : '?'}assistant=${encodeURIComponent(assistant)}`;
}

/** ChatKit accepts any key from `localhost`. */
const KEY_FOR_LOCALHOST = 'local-dev';

/** Everything that the server supports, switched on. */
export function optionsOf(facts: OptionsFacts): ChatKitOptions {
  const { config, url, fetch, initialThread } = facts;
  const { feedback = false, retry = false } = config.features;
  const assistant = config.assistants.find(({ id }) => id === facts.assistant) ?? config.assistants[0];
  const api: CustomApiConfig = {
    url,
    fetch,
    domainKey: facts.domainKey ?? config.domainKey ?? KEY_FOR_LOCALHOST,
    uploadStrategy: config.uploadStrategy,
  };
  return {
    api,
    initialThread,
    history: { enabled: true, showDelete: true, showRename: true },
    startScreen: startScreenOf(assistant),
    threadItemActions: { feedback, retry },
    composer: composerOf(facts, assistant),
    thread: { autoScroll: true },
    ...(assistant?.disclaimer && { disclaimer: { text: assistant.disclaimer } }),
  };
}

function startScreenOf({ greeting, prompts = [] }: Partial<ServerAssistant> = {}): ChatKitOptions['startScreen'] {
  return {
    ...(greeting && { greeting }),
    ...(prompts.length > 0 && {
      prompts: prompts.map(({ label, prompt, icon }) => ({
        label,
        prompt,
        ...(icon && { icon: icon as ChatKitIcon }),
      })),
    }),
  };
}

function composerOf({ config, models }: OptionsFacts, assistant?: ServerAssistant): ChatKitOptions['composer'] {
  const { maxCount, maxSize, accept } = config.attachments;
  const types = Object.entries(accept).map(([type, endings]): [string, string[]] => [type, [...endings]]);
  return {
    attachments: { enabled: true, maxCount, maxSize, accept: Object.fromEntries(types) },
    dictation: { enabled: assistant?.dictation ?? false },
    ...(assistant?.placeholder && { placeholder: assistant.placeholder }),
    ...(assistant?.composerTools?.length && {
      tools: assistant.composerTools.map((tool) => ({ ...tool, icon: tool.icon as ChatKitIcon })),
    }),
    ...(models.length > 1 && {
      models: models.map(({ id, label, description, default: isDefault }) => ({
        id,
        label,
        default: isDefault,
        ...(description && { description }),
      })),
    }),
  };
}

type Section = Readonly<Record<string, unknown>>;

/** Each section adds to the one before: `composer: { placeholder }` keeps the attachments. */
export function withOwn<Given extends object, Own extends object>(given: Given, own: Own): Given & Own {
  const sections = given as Section;
  const merged = Object.entries(own).map(([name, value]) => {
    const section = sections[name];
    return [name, isSection(section) && isSection(value) ? { ...section, ...value } : value];
  });
  return { ...given, ...(Object.fromEntries(merged) as Own) };
}

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
