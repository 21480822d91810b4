import type { ProviderErrorCode } from '../spec/provider-error.js';

/**
 * Code, type and reason words of error bodies in lower case. They win over the status, which is often just 400. Documented at, as noted on 2026-11-29:
 * OpenAI (https://platform.openai.com/docs/guides/error-codes), Azure (https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter),
 * Anthropic (https://docs.anthropic.com/en/api/errors), Google (https://ai.google.dev/gemini-api/docs/troubleshooting, google.rpc.Code and
 * ErrorInfo), Bedrock (https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html), Kimi
 * (https://platform.moonshot.ai/docs/api/chat#error-codes), Alibaba (https://www.alibabacloud.com/help/en/model-studio/error-code), Z.ai
 * (https://docs.z.ai/api-reference/api-code), Groq (https://console.groq.com/docs/errors), Cerebras, GitHub Models, Mistral,
 * Perplexity, Hugging Face, llama.cpp, LiteLLM (https://docs.litellm.ai/docs/exception_mapping).
 */
const WORDS: Readonly<Partial<Record<ProviderErrorCode, readonly string[]>>> = {
  bad_key: [
    'invalid_api_key',
    'incorrect_api_key',
    'api_key_invalid',
    'api_key_not_found',
    'authentication_error',
    'invalid_authentication_error',
    'incorrect_api_key_error',
    'authenticationerror',
    'unauthenticated',
    'unrecognizedclientexception',
    'invalidsignatureexception',
    'expiredtokenexception',
    'invalidapikey',
    'access_token_expired',
    'account_deactivated',
  ],
  no_access: [
    'insufficient_quota',
    'insufficient_balance',
    'insufficient_credits',
    'exceeded_current_quota_error',
    'billing_hard_limit_reached',
    'billing_not_active',
    'billing_error',
    'blocked_api_access',
    'payment_required',
    'budget_exceeded',
    'arrearage',
    'permission_error',
    'permission_denied',
    'permission_denied_error',
    'permissiondenied',
    'permissiondeniederror',
    'accessdeniedexception',
    'access_denied',
    'unsupported_country_region_territory',
    'organization_restricted',
    // Z.ai: no balance, and a plan that has run out.
    '1113',
    '1309',
  ],
  model_unknown: [
    'model_not_found',
    'model_not_available',
    'model_not_supported',
    'model_not_found_error',
    'model_decommissioned',
    'model_deprecated',
    'invalid_model',
    'unknown_model',
    'unavailable_model',
    'deploymentnotfound',
    'modelnotfound',
    'model_terms_required',
    'model.accessdenied',
    'resource_not_found_error',
    // Z.ai.
    '1211',
  ],
  context_too_long: [
    'context_length_exceeded',
    'context_window_exceeded',
    'contextwindowexceedederror',
    'context_exceeded',
    'too_many_prompt_tokens',
    'exceed_context_size_error',
    'model_max_prompt_tokens_exceeded',
    'tokens_limit_reached',
    'token_limit_exceeded',
    'request_too_large',
    'prompt_too_long',
    'input_too_long',
    // Z.ai.
    '1261',
  ],
  content_filtered: [
    'content_filter',
    'content_filter_error',
    'content_policy_violation',
    'contentpolicyviolationerror',
    'image_content_policy_violation',
    'responsibleaipolicyviolation',
    'moderation_blocked',
    'moderation_flagged',
    'prohibited_content',
    'data_inspection_failed',
    'datainspectionfailed',
    'bio_policy',
    'cyber_policy_violation',
    'misalignment_policy_violation',
    // OpenAI: the prompt was flagged as violating the usage policy.
    'invalid_prompt',
    // Z.ai.
    '1301',
  ],
  rate_limited: [
    'rate_limit_exceeded',
    'rate_limit_error',
    'rate_limit_reached_error',
    'ratelimitreached',
    'ratelimiterror',
    'rate_limited',
    'too_many_requests',
    'toomanyrequests',
    'resource_exhausted',
    'throttlingexception',
    'throttling',
    'throttling.ratequota',
    'throttling.allocationquota',
    'throttling.burstrate',
    'limitrequests',
    // Z.ai.
    '1302',
    '1303',
    '1305',
  ],
  overloaded: [
    'overloaded',
    'overloaded_error',
    'server_overloaded',
    'engine_overloaded',
    'engine_overloaded_error',
    'queue_exceeded',
    'slow_down',
    'modelnotreadyexception',
    'no_available_capacity',
  ],
  // Groq: its model wrote a tool call that cannot be read (https://console.groq.com/docs/tool-use).
  malformed_response: ['tool_use_failed'],
  timeout: ['timeout_error', 'deadline_exceeded', 'modeltimeoutexception', 'request_timeout'],
  unavailable: ['modelerrorexception', 'internalserverexception', 'serviceunavailableexception', 'engine_error'],
};

export const BY_WORD: ReadonlyMap<string, ProviderErrorCode> = new Map(
  Object.entries(WORDS).flatMap(([code, words]) => words.map((word) => [word, code as ProviderErrorCode] as const)),
);

/** What a message says where no word does. The first entry that fits counts. */
interface MessageRule {
  readonly code: ProviderErrorCode;
  /** Statuses with which it is believed; `undefined` stands for an error in mid-stream. */
  readonly statuses: readonly (number | undefined)[];
  readonly pattern: RegExp;
}

const REFUSED = [400, 422] as const;

/** The prompt does not fit, in the words of vendors and servers without a code for it. */
const TOO_LONG = new RegExp(
  [
    // OpenAI, Azure, vLLM, DeepSeek, OpenRouter, Fireworks, SGLang, llama.cpp, Ollama, MiniMax, LM Studio.
    'context (length|size|window|limit)',
    'maximum context',
    // LM Studio: "n_keep: 5000>= n_ctx: 4096".
    '\\bn_ctx\\b',
    // Anthropic, Fireworks, AI21.
    'prompt (is )?too long',
    // Bedrock, Hugging Face; xAI.
    'input is too long',
    'maximum prompt length',
    // Gemini and Vertex: "The input token count (9) exceeds the maximum number of tokens allowed (8)."
    'token count[^.]{0,40} exceeds',
    'maximum number of tokens allowed',
    // Kimi: "Your request exceeded model token limit"; Bedrock: "Input tokens exceed the configured limit"; watsonx.
    'exceed(s|ed)? (the |this )?(model.{0,3} )?(configured |total |maximum )?(tokens?|input) limit',
    'tokens? (count )?(exceeds?|cannot exceed) the (configured |total |maximum )?(tokens? )?limit',
    // Mistral: "Prompt contains 9 tokens and 0 draft tokens, too large for model with 8 maximum context length".
    'tokens[^.]{0,40} too large for (the )?model',
    // text-generation-inference, Together.
    'tokens`? must be <=',
    'must have less than \\d+ tokens',
    // vLLM and SGLang.
    "longer than the (maximum model length|model's)",
    // Groq, Cerebras.
    'reduce the length of the (messages|prompt|input)',
    // Alibaba: "Range of input length should be [1, 30720]". GitHub Models: "Request body too large for gpt-4o model".
    'range of input length',
    'request body too large',
    // Google: too many bytes, nearly always of pictures.
    'payload size exceeds',
    'prompt exceeds max length',
    // OpenAI's older models, Copilot, SGLang, embedders behind gateways.
    'reduce your prompt',
    '(input|prompt) (tokens? )?length[^.]{0,20} (exceeds|is longer than)',
    'exceeds? (the )?(model.{0,3} )?max(imum)?[_ ](model[_ ]|seq(uence)?[_ ]|input[_ ]|prompt[_ ])(len|length)',
    'exceeds? model max length',
    'tokens in the (prompt|input|messages) (exceeds?|cannot exceed)',
    'input tokens? limit exceeded',
    'input is too large',
    'too many (input |prompt |total text )?(tokens|bytes)(?!: max)',
  ].join('|'),
  'i',
);

/** A refusal of the model's name. Not "model X does not support …", which is about something in the request. */
const NO_MODEL = new RegExp(
  [
    "\\bmodel\\b[^.;]{0,90}(does not exist|do not exist|not exist|not found|wasn't found|is not available|not a valid)",
    // The name may have dots: "The model `gpt-4.9` does not exist".
    '\\bmodels?\\b[ :]*[\'"`][^\'"`]{1,90}[\'"`][^.;]{0,60}(does not exist|not found|is not (available|supported|deployed|a valid))',
    // OpenRouter, Bedrock, Mistral, LM Studio, Groq.
    'is not a valid model',
    'model (identifier|id) is invalid',
    'invalid model\\b',
    'unknown model\\b',
    'unsupported model\\b',
    'no models? (is |are )?(currently )?loaded',
    'model.{1,90}(decommissioned|has been (deprecated|retired))',
    'invocation of model id .{1,90}on-demand throughput',
    'not supported by any provider',
  ].join('|'),
  'i',
);

const FILTERED = new RegExp(
  [
    // Anthropic, Azure, OpenAI, DeepSeek, Kimi, Gemini, xAI, Bedrock, OpenRouter.
    'blocked by content filtering',
    'content management policy',
    'rejected as a result of our safety system',
    'content exists risk',
    'considered high risk',
    'prohibited[_ ]content',
    'violates? (our |the |xAI.s )?(usage|content|safety) (guidelines|polic)',
    'blocked by (the |our )?(guardrail|moderation|safety)',
    'requires moderation',
    'inappropriate content',
  ].join('|'),
  'i',
);

const NO_MONEY =
  /credit balance is too low|insufficient (balance|credits?|funds)|used all available credits|monthly (spending limit|included credits)|recharge|top up|账户余额|余额不足/i;

const WRONG_KEY =
  /(api|access)[ _-]?key not valid|(incorrect|invalid|missing) (api|access)[ _-]?key|invalid credentials/i;

const BUSY =
  /\b(model|engine|server|service) is (currently |temporarily )?(overloaded|at capacity|too busy)|high demand/i;

export const BY_MESSAGE: readonly MessageRule[] = [
  { code: 'context_too_long', statuses: [...REFUSED, 413, undefined], pattern: TOO_LONG },
  { code: 'no_access', statuses: [...REFUSED, 401, 403, 412, 429, undefined], pattern: NO_MONEY },
  { code: 'bad_key', statuses: [...REFUSED, 403, undefined], pattern: WRONG_KEY },
  { code: 'content_filtered', statuses: [...REFUSED, 403, 451, undefined], pattern: FILTERED },
  { code: 'model_unknown', statuses: [...REFUSED, 404, 410, undefined], pattern: NO_MODEL },
  { code: 'overloaded', statuses: [429, undefined], pattern: BUSY },
];

/**
 * More tokens in one request than a minute allows: waiting does not help, a shorter prompt does. OpenAI, Azure and Groq call it a rate
 * limit: "Request too large for model `x` … on tokens per minute (TPM): Limit 6000, Requested 9000".
 */
export const LARGER_THAN_RATE = /request too large for .*(tokens per min|TPM)/i;
