import type { ConversationRules } from '../spec/conversation-rules.js';

/** Whose rules are looked up. `wire`: what is spoken, where a kind can speak more than one format. */
export interface Speaker {
  readonly kind: string;
  readonly wire?: string | undefined;
  readonly model: string;
}

/**
 * Rules that differ from {@link STRICTEST}, and for whom: every condition that is there must hold. Later profiles win over
 * earlier ones. `source` is where the rule is documented, `noted` the day on which it was written down here. Compared with public
 * reports on that day: Mistral, Perplexity, Gemini, the ids of OpenAI, Kimi and DeepSeek; the others are from their makers' documents
 * as known before.
 */
interface Profile {
  readonly kinds?: readonly string[];
  readonly wire?: string;
  /** The model's id in small letters. Gateways put prefixes before it, and dots stand for dashes. */
  readonly model?: RegExp;
  readonly rules: Partial<ConversationRules>;
  readonly source: string;
  readonly noted: string;
}

/**
 * What every server takes: the default, since most kinds reach models of any maker. The chat templates of Gemma, Llama 2 and
 * Mistral on vLLM, llama.cpp, LM Studio and TGI, and Perplexity's and Bedrock's APIs, insist on all of it.
 */
export const STRICTEST: ConversationRules = {
  system: 'first',
  firstFromUser: true,
  alternate: true,
  prefill: false,
  userAfterTool: false,
  toolRounds: 'native',
  callIds: { alphabet: 'word', minLength: 1, maxLength: 40 },
  thoughts: [],
  unknownThought: null,
  unknownSignature: null,
};

const ANYTHING = { firstFromUser: false, alternate: false, prefill: true, userAfterTool: true } as const;
const ANY_ID = { alphabet: 'any', minLength: 1, maxLength: 128 } as const;
const NINE = { alphabet: 'alphanumeric', minLength: 9, maxLength: 9 } as const;

/** Kinds that reach open models, and take fields that they do not know. */
const OPEN_MODELS: readonly string[] = [
  'openai-compatible',
  'gateway',
  'litellm',
  'vllm',
  'lm-studio',
  'llama-cpp',
  'text-generation-webui',
  'huggingface',
  'together',
  'fireworks',
];

const PROFILES: readonly Profile[] = [
  {
    kinds: ['openai', 'azure-openai', 'groq', 'xai'],
    rules: { ...ANYTHING, system: 'anywhere' },
    source:
      'https://platform.openai.com/docs/api-reference/chat/create; ids of calls: 400 string_above_max_length (40)',
    noted: '2026-11-29',
  },
  {
    wire: 'responses',
    rules: { thoughts: 'all', callIds: { alphabet: 'word', minLength: 1, maxLength: 64 } },
    source: 'https://platform.openai.com/docs/guides/reasoning; call_id: 400 string_above_max_length (64)',
    noted: '2026-11-29',
  },
  {
    kinds: ['anthropic', 'bedrock', 'vertex'],
    rules: { userAfterTool: true, thoughts: 'all', callIds: { alphabet: 'word', minLength: 1, maxLength: 64 } },
    source: 'https://docs.anthropic.com/en/api/messages, /en/docs/build-with-claude/extended-thinking',
    noted: '2026-11-29',
  },
  {
    // Claude 4.6 and newer: "This model does not support assistant message prefill".
    kinds: ['anthropic', 'bedrock', 'vertex'],
    model: /claude-(v?[123]|instant|(opus|sonnet|haiku)-4(?!-[6-9]))/,
    rules: { prefill: true },
    source: 'https://docs.anthropic.com/en/docs/about-claude/models/migrating-to-claude-4',
    noted: '2026-11-29',
  },
  {
    kinds: ['cohere'],
    rules: { thoughts: 'all', callIds: ANY_ID },
    source: 'https://docs.cohere.com/reference/chat, /docs/tool-use-usage-patterns',
    noted: '2026-11-29',
  },
  {
    kinds: ['ollama'],
    rules: { thoughts: 'all', callIds: ANY_ID },
    source: 'https://docs.ollama.com/capabilities/thinking, /capabilities/tool-calling',
    noted: '2026-11-29',
  },
  {
    // "Please ensure that function call turn comes immediately after a user turn or after a function response turn."
    kinds: ['gemini'],
    rules: { userAfterTool: true, callIds: ANY_ID },
    source: 'https://ai.google.dev/gemini-api/docs/openai, /docs/function-calling',
    noted: '2026-11-29',
  },
  {
    // "Function call is missing a thought_signature": calls of the current turn that another model or a client made have none.
    kinds: ['gemini', 'openai-compatible'],
    model: /gemini-([3-9]|flash-latest|pro-latest)/,
    rules: { unknownSignature: { google: { thought_signature: 'skip_thought_signature_validator' } } },
    source: 'https://ai.google.dev/gemini-api/docs/thought-signatures',
    noted: '2026-11-29',
  },
  {
    // Code 3230: "Unexpected role 'user' after role 'tool'", "Expected last role User or Tool"; ids of nine letters and digits.
    kinds: ['mistral'],
    rules: { callIds: NINE },
    source: 'https://github.com/mistralai/mistral-common, protocol/instruct/validator.py; https://docs.mistral.ai/api',
    noted: '2026-11-29',
  },
  {
    // The chat templates of these models have the same rules wherever they run.
    model: /mistral|ministral|mixtral|(code|dev)stral|magistral|pixtral|voxtral/,
    rules: {
      system: 'first',
      firstFromUser: true,
      alternate: true,
      userAfterTool: false,
      prefill: false,
      callIds: NINE,
    },
    source: 'chat_template of mistralai/Mistral-7B-Instruct-v0.3: "conversation roles must alternate", "length 9!"',
    noted: '2026-11-29',
  },
  {
    model: /llama-?2-|gemma/,
    rules: { system: 'first', firstFromUser: true, alternate: true, userAfterTool: false, prefill: false },
    source:
      'chat_template of meta-llama/Llama-2-7b-chat-hf and google/gemma-3-12b-it: "Conversation roles must alternate"',
    noted: '2026-11-29',
  },
  {
    model: /gemma-(1|2|[27]b)(?!\d)/,
    rules: { system: 'user' },
    source: 'chat_template of google/gemma-2-9b-it: "System role not supported"',
    noted: '2026-11-29',
  },
  {
    kinds: ['gemini'],
    model: /gemma/,
    rules: { system: 'user' },
    source: 'https://ai.google.dev/gemma/docs/core/gemma_on_gemini_api: "Developer instruction is not enabled"',
    noted: '2026-11-29',
  },
  {
    kinds: ['deepseek'],
    rules: { thoughts: ['reasoning_content'], unknownThought: { reasoning_content: '' } },
    source: 'https://api-docs.deepseek.com/guides/thinking_mode',
    noted: '2026-11-29',
  },
  {
    kinds: ['openrouter'],
    rules: { thoughts: ['reasoning_details'] },
    source: 'https://openrouter.ai/docs/use-cases/reasoning-tokens',
    noted: '2026-11-29',
  },
  {
    kinds: OPEN_MODELS,
    model: /deepseek-(reasoner|chat|v3-[2-9]|v[4-9])|glm-(4-[5-9]|[5-9])|minimax-m[2-9]/,
    rules: { thoughts: ['reasoning_content', 'reasoning_details'] },
    source: 'https://api-docs.deepseek.com/guides/thinking_mode; https://docs.z.ai/guides/capabilities/thinking-mode',
    noted: '2026-11-29',
  },
  {
    // "thinking is enabled but reasoning_content is missing in assistant tool call message": and not empty, either.
    kinds: [...OPEN_MODELS, 'openrouter'],
    model: /kimi-k(2-(thinking|[5-9])|[3-9])|mimo-v/,
    rules: { thoughts: ['reasoning_content', 'reasoning_details'], unknownThought: { reasoning_content: ' ' } },
    source: 'https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model',
    noted: '2026-11-29',
  },
  {
    kinds: ['module', 'http', 'graphql', 'websocket'],
    rules: { thoughts: 'all', callIds: ANY_ID },
    source: 'docs/providers/writing-a-provider.md: the operator knows the server',
    noted: '2026-11-29',
  },
  {
    kinds: ['demo'],
    rules: { ...ANYTHING, system: 'anywhere', callIds: ANY_ID },
    source: 'libs/providers/src/adapters/demo/model.ts: reads the last message only',
    noted: '2026-11-29',
  },
];

/** The rules of a model by kind, format and family, then what the config says. */
export function conversationRules(
  { kind, wire, model }: Speaker,
  ...overrides: readonly (Partial<ConversationRules> | undefined)[]
): ConversationRules {
  const name = model.toLowerCase().replaceAll('.', '-');
  const fitting = PROFILES.filter(
    (profile) =>
      (profile.kinds === undefined || profile.kinds.includes(kind)) &&
      (profile.wire === undefined || profile.wire === wire) &&
      (profile.model === undefined || profile.model.test(name)),
  );
  return Object.assign({}, STRICTEST, ...fitting.map(({ rules }) => rules), ...overrides) as ConversationRules;
}
