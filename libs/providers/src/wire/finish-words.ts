import type { ProviderErrorCode } from '../spec/provider-error.js';
import type { FinishReason } from '../spec/stream-part.js';

/** What a word for the end of an answer says: why a whole answer ended, or how the answer failed. */
export type FinishMeaning = Exclude<FinishReason['unified'], 'error'> | { readonly failure: ProviderErrorCode };

const UNAVAILABLE: FinishMeaning = { failure: 'unavailable' };
const TIMEOUT: FinishMeaning = { failure: 'timeout' };
/** The model wrote a tool call that its server could not read: another try may well succeed. */
const MALFORMED: FinishMeaning = { failure: 'malformed_response' };

/**
 * The words of all wires, in lower case with underscores. Where they are documented, as noted on 2026-11-29 (compared with
 * public reports on that day: Zhipu, Moonshot, LiteLLM, Groq and OpenRouter):
 * OpenAI https://platform.openai.com/docs/api-reference/chat/streaming · Azure https://learn.microsoft.com/azure/ai-services/openai/reference ·
 * Anthropic https://docs.anthropic.com/en/api/handling-stop-reasons · Cohere https://docs.cohere.com/reference/chat-stream ·
 * Gemini https://ai.google.dev/api/generate-content#FinishReason and the prefixes of its OpenAI endpoint · Mistral https://docs.mistral.ai/api ·
 * DeepSeek https://api-docs.deepseek.com/api/create-chat-completion · Zhipu https://docs.z.ai/api-reference/llm/chat-completion ·
 * Moonshot https://platform.moonshot.ai/docs/api/chat and moonpalace 3 (`repeat`) · OpenRouter https://openrouter.ai/docs/api-reference/overview ·
 * xAI https://docs.x.ai/docs/api-reference · Bedrock https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html ·
 * watsonx https://cloud.ibm.com/apidocs/watsonx-ai · LiteLLM pulls 22138, 22673 and 23800 · vLLM, SGLang, LMDeploy, TensorRT-LLM, llama.cpp,
 * Ollama, text-generation-inference and Together: their API servers.
 */
const WORDS = new Map<string, FinishMeaning>(
  Object.entries({
    // The model had said all it wanted to say.
    stop: 'stop',
    stopped: 'stop',
    stop_sequence: 'stop',
    stop_sequences: 'stop',
    stop_token: 'stop',
    stop_word: 'stop',
    stop_words: 'stop',
    stop_str: 'stop',
    word: 'stop',
    end: 'stop',
    end_id: 'stop',
    end_turn: 'stop',
    end_of_turn: 'stop',
    endoftext: 'stop',
    eos: 'stop',
    eos_token: 'stop',
    eos_token_id: 'stop',
    complete: 'stop',
    completed: 'stop',
    done: 'stop',
    finish: 'stop',
    finished: 'stop',
    normal: 'stop',
    true: 'stop',

    // The answer is cut: by a limit of its length, or because the model repeated itself.
    length: 'length',
    max_length: 'length',
    max_len: 'length',
    max_token: 'length',
    max_tokens: 'length',
    max_new_tokens: 'length',
    max_output: 'length',
    max_output_tokens: 'length',
    max_completion_tokens: 'length',
    max_context: 'length',
    token_limit: 'length',
    limit: 'length',
    model_length: 'length',
    context_length: 'length',
    context_length_exceeded: 'length',
    model_context_window_exceeded: 'length',
    error_limit: 'length',
    truncated: 'length',
    repeat: 'length',
    repetition: 'length',
    repetition_truncation: 'length',

    tool_call: 'tool_calls',
    tool_calls: 'tool_calls',
    tool_use: 'tool_calls',
    function_call: 'tool_calls',
    function_calls: 'tool_calls',

    content_filter: 'content_filter',
    content_filtered: 'content_filter',
    content_filtering: 'content_filter',
    content_moderation: 'content_filter',
    content_policy_violation: 'content_filter',
    moderation: 'content_filter',
    safety: 'content_filter',
    image_safety: 'content_filter',
    recitation: 'content_filter',
    image_recitation: 'content_filter',
    prohibited_content: 'content_filter',
    image_prohibited_content: 'content_filter',
    blocklist: 'content_filter',
    blacklist: 'content_filter',
    blocked: 'content_filter',
    spii: 'content_filter',
    language: 'content_filter',
    model_armor: 'content_filter',
    sensitive: 'content_filter',
    refusal: 'content_filter',
    guardrail: 'content_filter',
    guardrails: 'content_filter',
    guardrail_intervened: 'content_filter',
    error_toxic: 'content_filter',

    pause_turn: 'pause',

    // The answer was broken off.
    error: UNAVAILABLE,
    failed: UNAVAILABLE,
    failure: UNAVAILABLE,
    network_error: UNAVAILABLE,
    internal_error: UNAVAILABLE,
    server_error: UNAVAILABLE,
    abort: UNAVAILABLE,
    aborted: UNAVAILABLE,
    cancel: UNAVAILABLE,
    canceled: UNAVAILABLE,
    cancelled: UNAVAILABLE,
    user_cancel: UNAVAILABLE,
    interrupted: UNAVAILABLE,
    insufficient_system_resource: { failure: 'overloaded' },
    insufficient_system_resources: { failure: 'overloaded' },
    engine_overloaded: { failure: 'overloaded' },
    overloaded: { failure: 'overloaded' },
    timeout: TIMEOUT,
    timed_out: TIMEOUT,
    time_limit: TIMEOUT,
    malformed_function_call: MALFORMED,
    malformed_tool_call: MALFORMED,
    malformed_tool_use: MALFORMED,
    malformed_response: MALFORMED,
    malformed_model_output: MALFORMED,
    function_call_filter: MALFORMED,
    unexpected_tool_call: MALFORMED,
    too_many_tool_calls: MALFORMED,
    // Gemini: the request left out a signature that it had to send back.
    missing_thought_signature: { failure: 'bad_request' },

    // Said, and yet not why: Gemini's, and what Ollama answers to an empty prompt.
    other: 'other',
    incomplete: 'other',
    image_other: 'other',
    no_image: 'other',
    unspecified: 'other',
    unknown: 'other',
    load: 'other',
    unload: 'other',
  } satisfies Record<string, FinishMeaning>),
);

/** What servers write where there is no reason yet. */
const NONE: ReadonlySet<string> = new Set(['', 'null', 'none', 'not_finished', 'in_progress']);

/** Whether the word says that the answer is over: some servers send a placeholder with every frame. */
export const isFinishWord = (raw: string): boolean => !NONE.has(raw.toLowerCase());

/** Undefined for a word that nobody documents. Gemini's endpoint puts the kind of end before the word: `content_filter: SAFETY`. */
export function meaningOf(raw: string): FinishMeaning | undefined {
  const [kind = '', word] = raw.split(':').map(toWord);
  return (word === undefined ? undefined : WORDS.get(word)) ?? WORDS.get(kind);
}

/** `MAX_TOKENS`, `max-tokens`, `FINISH_REASON_MAX_TOKENS` and `REASON_MAX_LEN` (xAI) are words with other clothes on. */
function toWord(raw: string): string {
  const word = raw
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return word.replace(/^(?:finish_?reason[._]|reason_|finish_)(?=.)/, '');
}
