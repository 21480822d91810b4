import type { CallSettings } from '../spec/call-settings.js';
import { familyName } from './family-name.js';

export type Effort = NonNullable<CallSettings['reasoningEffort']>;

/** What of a call's settings a model behind one of OpenAI's formats takes. */
export interface ChatTraits {
  /** The efforts that it knows; empty: it takes none. Absent: unknown, so that any effort is sent as it is. */
  readonly efforts?: readonly Effort[];
  /** Reasons when no effort is named. */
  readonly reasonsUnasked: boolean;
  /** Settings that it refuses, and those that it refuses while it reasons. */
  readonly refused: readonly (keyof CallSettings)[];
  readonly refusedWhileReasoning: readonly (keyof CallSettings)[];
  /** How it is told not to reason: by the effort `none`, or by this field of the request. */
  readonly off: 'effort' | Readonly<Record<string, unknown>>;
  /** The fields of a request that ask it to reason, where it knows no effort but that. */
  readonly on?: Readonly<Record<string, unknown>>;
  /** In chat completions it does not reason when it has tools, and refuses to be asked to. */
  readonly toolsOrReasoning: boolean;
}

/** Who runs the model, where that decides: the kind of the provider. */
export type Server = string | undefined;

interface Family {
  readonly servers?: readonly string[];
  readonly notAt?: readonly string[];
  /** Of the {@link familyName}. */
  readonly model?: RegExp;
  readonly traits: Partial<ChatTraits>;
  readonly source: string;
  readonly noted: '2026-11-29';
}

const ANYTHING: ChatTraits = {
  reasonsUnasked: false,
  refused: [],
  refusedWhileReasoning: [],
  off: 'effort',
  toolsOrReasoning: false,
};

const SAMPLING = ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty', 'stop'] as const;
const LOW_TO_HIGH = ['low', 'medium', 'high'] as const;

/** OpenAI's models that always reason. */
const REASONING = { reasonsUnasked: true, refused: SAMPLING } as const;
/** Those that reason by effort; without one, they do not (5.1 to 5.4). */
const BY_EFFORT = { refusedWhileReasoning: SAMPLING } as const;

const OPENAI = {
  source: 'https://developers.openai.com/api/docs/guides/reasoning, /guides/latest-model, /guides/deployment-checklist',
  noted: '2026-11-29',
} as const;
const XAI = { servers: ['xai'], source: 'https://docs.x.ai/docs/guides/reasoning', noted: '2026-11-29' } as const;
const GEMINI = {
  source: 'https://ai.google.dev/gemini-api/docs/openai, /gemini-api/docs/thinking',
  noted: '2026-11-29',
} as const;

/** Servers of people themselves and hosts of open models, which take sampling settings and efforts of their own for any model. */
const OPEN_HOSTS: readonly string[] = [
  'vllm',
  'lm-studio',
  'llama-cpp',
  'text-generation-webui',
  'together',
  'fireworks',
  'groq',
  'huggingface',
];

// Compared with public reports on 2026-11-29: GPT-5.4 to 5.6 (pipecat-ai/pipecat 4043, BerriAI/litellm 34569, livekit/agents 7169), Grok 3 to
// 4.6 (miaoxworld/NativeTavern 83, NousResearch/hermes-agent 23088, chenyme/grok2api 814, mnfst/modelparams.dev 330), Gemini 3 to 3.8
// (mozilla-ai/any-llm 1381, egoist/chatwise-releases 1327), Kimi (iOfficeAI/gemini-cli-pro 30, HKUDS/nanobot 4967, NousResearch/hermes-agent
// 12668) and Mistral (anomalyco/models.dev 1986, NousResearch/hermes-agent 11243). What is not named here is from its source alone.
const KIMI = {
  notAt: OPEN_HOSTS,
  source: 'https://platform.kimi.ai/docs/api/models-overview',
  noted: '2026-11-29',
} as const;

/** The first that fits. A newer model is taken for the newest of its family. */
const FAMILIES: readonly Family[] = [
  {
    servers: ['openrouter'],
    traits: { efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] },
    source: 'https://openrouter.ai/docs/use-cases/reasoning-tokens: takes all, for every vendor behind it',
    noted: '2026-11-29',
  },
  {
    model: /gpt-oss/,
    traits: { efforts: LOW_TO_HIGH, reasonsUnasked: true },
    source: 'https://console.groq.com/docs/reasoning, https://docs.ollama.com/capabilities/thinking',
    noted: '2026-11-29',
  },
  { ...OPENAI, model: /\bo1-(mini|preview)/, traits: { ...REASONING, efforts: [] } },
  { ...OPENAI, model: /(^|-)o[1-9](-|$)/, traits: { ...REASONING, efforts: LOW_TO_HIGH } },
  { ...OPENAI, model: /gpt-?[1-4](?!\d)|gpt-4|chatgpt-4o|gpt-5-chat/, traits: { efforts: [] } },
  { ...OPENAI, model: /gpt-?\d(-\d)?-chat|(^|-)chat-latest/, traits: { ...REASONING, efforts: ['medium'] } },
  { ...OPENAI, model: /gpt-?5-pro/, traits: { ...REASONING, efforts: ['high'] } },
  { ...OPENAI, model: /gpt-?5-\d-pro/, traits: { ...REASONING, efforts: ['medium', 'high', 'xhigh'] } },
  { ...OPENAI, model: /gpt-?5(-1)?-codex(?!-max)/, traits: { ...REASONING, efforts: LOW_TO_HIGH } },
  { ...OPENAI, model: /gpt-?5-\d-codex/, traits: { ...REASONING, efforts: [...LOW_TO_HIGH, 'xhigh'] } },
  { ...OPENAI, model: /gpt-?5(?!-\d{1,2}(?!\d))/, traits: { ...REASONING, efforts: ['minimal', ...LOW_TO_HIGH] } },
  { ...OPENAI, model: /gpt-?5-1(?!\d)/, traits: { ...BY_EFFORT, efforts: ['none', ...LOW_TO_HIGH] } },
  { ...OPENAI, model: /gpt-?5-[23](?!\d)/, traits: { ...BY_EFFORT, efforts: ['none', ...LOW_TO_HIGH, 'xhigh'] } },
  {
    ...OPENAI,
    model: /gpt-?5-4(?!\d)/,
    traits: { ...BY_EFFORT, efforts: ['none', ...LOW_TO_HIGH, 'xhigh'], toolsOrReasoning: true },
  },
  {
    ...OPENAI,
    model: /gpt-?5-/,
    traits: {
      ...BY_EFFORT,
      reasonsUnasked: true,
      efforts: ['none', ...LOW_TO_HIGH, 'xhigh'],
      toolsOrReasoning: true,
    },
  },
  {
    ...OPENAI,
    model: /gpt-?\d-astra|gpt-?6-1-sol/,
    traits: { ...REASONING, efforts: [...LOW_TO_HIGH, 'xhigh', 'max'] },
  },
  {
    ...OPENAI,
    model: /gpt-?([6-9]|\d\d)(?!\d)/,
    traits: {
      ...BY_EFFORT,
      reasonsUnasked: true,
      efforts: ['none', ...LOW_TO_HIGH, 'xhigh', 'max'],
      toolsOrReasoning: true,
    },
  },
  // "Model grok-4.3 does not support parameter presencePenalty."
  {
    ...XAI,
    model: /grok-3-mini/,
    traits: {
      efforts: ['low', 'high'],
      reasonsUnasked: true,
      refused: ['frequencyPenalty', 'presencePenalty', 'stop'],
    },
  },
  {
    ...XAI,
    model: /grok-[23](?!\d)|non-reasoning/,
    traits: { efforts: [], refused: ['frequencyPenalty', 'presencePenalty'] },
  },
  {
    ...XAI,
    model: /grok-4(?!-[3-9](?!\d))|grok-code/,
    traits: { efforts: [], reasonsUnasked: true, refused: ['frequencyPenalty', 'presencePenalty', 'stop'] },
  },
  {
    ...XAI,
    model: /grok-4-3(?!\d)/,
    traits: {
      efforts: ['none', ...LOW_TO_HIGH],
      reasonsUnasked: true,
      refused: ['frequencyPenalty', 'presencePenalty'],
      refusedWhileReasoning: ['stop'],
    },
  },
  {
    ...XAI,
    model: /grok-(4-[6-9](?!\d)|[5-9])/,
    traits: {
      efforts: [...LOW_TO_HIGH, 'xhigh'],
      reasonsUnasked: true,
      refused: ['frequencyPenalty', 'presencePenalty', 'stop'],
    },
  },
  {
    ...XAI,
    traits: {
      efforts: LOW_TO_HIGH,
      reasonsUnasked: true,
      refused: ['frequencyPenalty', 'presencePenalty', 'stop'],
    },
  },
  {
    servers: ['deepseek'],
    traits: {
      efforts: ['none', 'low', 'high', 'max'],
      reasonsUnasked: true,
      off: { thinking: { type: 'disabled' } },
    },
    source: 'https://api-docs.deepseek.com/guides/thinking_mode',
    noted: '2026-11-29',
  },
  { ...GEMINI, model: /gemini-(1|2-0)/, traits: { efforts: [] } },
  { ...GEMINI, model: /gemini-2-5-pro/, traits: { efforts: LOW_TO_HIGH, reasonsUnasked: true } },
  { ...GEMINI, model: /gemini-2/, traits: { efforts: ['none', ...LOW_TO_HIGH], reasonsUnasked: true } },
  { ...GEMINI, model: /gemini-3-pro/, traits: { efforts: ['low', 'high'], reasonsUnasked: true } },
  { ...GEMINI, model: /gemini-.*pro/, traits: { efforts: LOW_TO_HIGH, reasonsUnasked: true } },
  // Flash since 3.7 knows no `minimal`, and what `flash-latest` stands for is one of them.
  {
    ...GEMINI,
    model: /gemini-(3-[7-9](?!\d)|[4-9]|.*latest)/,
    traits: { efforts: LOW_TO_HIGH, reasonsUnasked: true },
  },
  { ...GEMINI, model: /gemini-/, traits: { efforts: ['minimal', ...LOW_TO_HIGH], reasonsUnasked: true } },
  { ...GEMINI, servers: ['gemini'], traits: { efforts: [] } },
  {
    servers: ['groq'],
    model: /qwen/,
    traits: { efforts: ['none'], reasonsUnasked: true },
    source: 'https://console.groq.com/docs/reasoning: none and default',
    noted: '2026-11-29',
  },
  {
    servers: ['mistral'],
    // Small and Medium before Small 4 (2603) and Medium 3.5 (2604).
    model: /magistral|codestral|devstral|voxtral|ministral|pixtral|open-mi|large|(small|medium)-2[2-5]\d\d/,
    traits: { efforts: [] },
    source: 'https://docs.mistral.ai/capabilities/reasoning',
    noted: '2026-11-29',
  },
  {
    servers: ['mistral'],
    traits: { efforts: ['none', 'high'] },
    source: 'https://docs.mistral.ai/capabilities/reasoning: adjustable reasoning',
    noted: '2026-11-29',
  },
  {
    servers: ['dashscope'],
    model: /qwen|qwq|qvq|glm|deepseek|kimi/,
    traits: { efforts: ['none', 'high'], off: { enable_thinking: false }, on: { enable_thinking: true } },
    source: 'https://www.alibabacloud.com/help/en/model-studio/deep-thinking: enable_thinking',
    noted: '2026-11-29',
  },
  {
    servers: ['vllm', 'llama-cpp'],
    model: /qwen-?3|glm-(4-[5-9]|[5-9])/,
    traits: { off: { chat_template_kwargs: { enable_thinking: false } } },
    source: 'https://qwen.readthedocs.io/en/latest/deployment/vllm.html: the chat template has no other switch',
    noted: '2026-11-29',
  },
  // "invalid temperature: only 1 is allowed for this model".
  {
    ...KIMI,
    model: /kimi-k2-[5-9]/,
    traits: {
      efforts: ['none'],
      reasonsUnasked: true,
      refused: ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty'],
      off: { thinking: { type: 'disabled' } },
    },
  },
  { ...KIMI, model: /kimi-k2-thinking/, traits: { efforts: [], reasonsUnasked: true } },
  {
    ...KIMI,
    model: /kimi-k[3-9]/,
    traits: {
      efforts: ['low', 'high', 'max'],
      reasonsUnasked: true,
      refused: ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty'],
    },
  },
];

/** The traits of a model at a server; those of no family take everything. */
export function chatTraits(model: string, server: Server): ChatTraits {
  const name = familyName(model);
  const family = FAMILIES.find((one) => isAt(one, server ?? '') && (one.model?.test(name) ?? true));
  return { ...ANYTHING, ...family?.traits };
}

const isAt = ({ servers, notAt }: Family, server: string): boolean =>
  (servers?.includes(server) ?? true) && !notAt?.includes(server);

/** How much a model reasons that is not told to, where that is known. */
export const usualEffort = ({ efforts, reasonsUnasked }: ChatTraits): Pick<CallSettings, 'reasoningEffort'> =>
  efforts?.includes('none') && !reasonsUnasked ? { reasoningEffort: 'none' } : {};
