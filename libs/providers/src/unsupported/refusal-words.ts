import type { Feature } from '../spec/feature.js';

/**
 * How servers name a feature when they refuse it. Noted on 2026-11-29; the comments name servers that say so. Compared with public reports
 * on that day: DeepSeek's and Alibaba's tool_choice (QwenLM/qwen-code 7659, cloudwego/eino 994), Bedrock's fields
 * (langgenius/dify-official-plugins 1767, maximhq/bifrost 4684, langchain-ai/langchain-aws 62), and Anthropic's tool_choice
 * (mastra-ai/mastra 7507); the others are from documents and sources as known before.
 */
export interface RefusalWords {
  readonly feature: Feature;
  /** Fields of a request, in small letters with underscores; a dot stands for a field within a field. */
  readonly fields?: readonly string[];
  /** What is said where no field is named. */
  readonly said?: RegExp;
  /** When this is said, the fields that the message names besides are not what is refused. */
  readonly alone?: boolean;
}

const any = (...patterns: readonly string[]): RegExp => new RegExp(patterns.join('|'), 'i');

/** The setting, and what it may be, while the model thinks. */
const whileThinking = (setting: string): RegExp =>
  new RegExp(`\\b${setting}\\b.{0,10} (may only|must|cannot|can only).{0,80}when .?thinking.? is enabled`, 'i');

/** In this order: the first that stands alone decides. */
export const REFUSAL_WORDS: readonly RefusalWords[] = [
  {
    // OpenAI since GPT-5.4: "Function tools with reasoning_effort are not supported for … in /v1/chat/completions".
    feature: 'tools_while_reasoning',
    said: /tools with reasoning_effort (are|is) not supported/i,
    alone: true,
  },
  {
    feature: 'tool_choice',
    fields: ['tool_choice', 'function_call'],
    said: any(
      'forced? tool (use|call)',
      'tool[ _]choice\\b.{0,60}not (supported|allowed|available|compatible)',
      // Bedrock: "doesn't support the toolConfig.toolChoice.any field".
      'support (the |this )?([\\w.]+\\.)?tool[ _]choice',
      'tool[ _]choice forces',
      'only .?auto.? (is )?supported',
    ),
    alone: true,
  },
  {
    feature: 'tools',
    fields: ['tools', 'functions'],
    said: any(
      // Ollama: "… does not support tools"; OpenRouter: "No endpoints found that support tool use"; Together, Groq, Bedrock.
      'support (the )?(tools\\b|tool[ -]?(use|call)|function[ -]call)',
      // vLLM: "auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set.
      'requires --(enable-auto-tool-choice|tool-call-parser)',
      // llama.cpp: "tools param requires --jinja flag"; SGLang.
      'tools? param(eter)? requires',
      'tool-call-parser',
      '(tool|function)[ -]?call(ing|s)? (is|are) not (supported|enabled|available)',
      '\\btools? (use )?(is|are) not (supported|enabled|available)',
    ),
    alone: true,
  },
  { feature: 'parallel_tool_calls', fields: ['parallel_tool_calls', 'disable_parallel_tool_use'] },
  { feature: 'strict_tools', fields: ['strict', 'strict_tools'], said: /strict (mode|schema|tools?)\b/i },
  // Anthropic.
  { feature: 'top_p', said: /temperature.{0,20}top_p.{0,20}cannot both/i, alone: true },
  // Anthropic: "`temperature` may only be set to 1 when thinking is enabled": what is in the way is not the thought.
  { feature: 'temperature', said: whileThinking('temperature'), alone: true },
  { feature: 'top_p', said: whileThinking('top_p'), alone: true },
  { feature: 'top_k', said: whileThinking('top_k'), alone: true },
  { feature: 'temperature', fields: ['temperature'] },
  { feature: 'top_p', fields: ['top_p', 'p'] },
  { feature: 'top_k', fields: ['top_k', 'k'] },
  // Gemini: "Penalty is not enabled for models/gemini-…", whichever it was.
  {
    feature: 'frequency_penalty',
    fields: ['frequency_penalty'],
    said: /(?<!presence[ _])penalty is not (enabled|supported)/i,
  },
  {
    feature: 'presence_penalty',
    fields: ['presence_penalty'],
    said: /(?<!frequency[ _])penalty is not (enabled|supported)/i,
  },
  { feature: 'stop', fields: ['stop', 'stop_sequences', 'stop_sequence'] },
  { feature: 'seed', fields: ['seed', 'random_seed'] },
  {
    feature: 'reasoning_summary',
    fields: [
      'reasoning.summary',
      'reasoning.generate_summary',
      'thinking.display',
      'include_thoughts',
      'include_reasoning',
    ],
    // OpenAI: "Your organization must be verified to generate reasoning summaries."
    said: /reasoning summar/i,
    alone: true,
  },
  {
    feature: 'encrypted_reasoning',
    fields: ['include'],
    // OpenAI: "Encrypted content is not supported with this model."
    said: /encrypted content is not supported/i,
    alone: true,
  },
  {
    feature: 'earlier_reasoning',
    said: any(
      // OpenAI and xAI: "The encrypted content … could not be verified"; Anthropic; Gemini.
      'encrypted[ _]content.{0,80}could not be (verified|decrypted|decoded|parsed)',
      'invalid .?signature.? in .?thinking',
      'thinking.{0,20} blocks?.{0,80}(cannot be modified|different|another|does not match|not valid|produced)',
      '(invalid|corrupted) thought[ _]signature',
      'item .?.?rs_.{0,80}(not found|without its required)',
    ),
    alone: true,
  },
  {
    feature: 'reasoning',
    fields: [
      'reasoning_effort',
      'reasoning',
      'reasoning.effort',
      'effort',
      'thinking',
      'thinking.type',
      'thinking.budget_tokens',
      'budget_tokens',
      'think',
      'enable_thinking',
      'thinking_budget',
      'thinking_level',
      'thinking_config',
      'output_config.effort',
    ],
    said: any(
      // Ollama: "… does not support thinking"; Gemini: "Budget 0 is invalid. This model only works in thinking mode."
      'support (thinking|reasoning|(the )?effort)',
      '(thinking|reasoning|effort)( (level|mode|budget|parameter))? (is|are) not (supported|enabled|available)',
      'thinking.type.\\w+.{0,3} is not supported',
      'only works in thinking mode',
      // Anthropic: a turn that was begun without a thought goes on.
      'when .?thinking.? is enabled',
      'thinking may not be enabled',
    ),
  },
  {
    feature: 'images',
    fields: ['image_url', 'image', 'images', 'input_image'],
    said: any(
      // OpenRouter, llama.cpp (mmproj), vLLM, DeepSeek (unknown variant), Groq (must be a string), OpenAI, Anthropic, Bedrock.
      'support (the )?(image|vision|picture|multimodal|multi-modal)',
      '(image|vision|picture)( input| content)?( modality)?s? (is|are|inputs?) not (supported|enabled|available|allowed)',
      'mmproj',
      // Ollama.
      'missing data required for image',
      'not a (multimodal|vision)',
      'at most 0 image',
      'unknown variant .?image',
      'image_url is only supported',
      'content must be a string',
      '(could not|unable to|failed to|cannot) (process|decode|load|read|download|fetch|parse).{0,30}image',
      '(invalid|unsupported|corrupt)\\w*.{0,20}\\bimage',
      'image.{0,40}(exceeds|too (large|big|many)|maximum allowed|not (a )?valid|invalid|unsupported)',
      'image_(parse_error|too_large|too_small|file_too_large|content_policy_violation)|invalid_image|unsupported_image',
    ),
    alone: true,
  },
  {
    feature: 'files',
    fields: ['file', 'input_file', 'file_data', 'document', 'input_document'],
    said: any(
      'support (the )?(file|document|pdf)',
      // Gemini, of a PDF.
      'document has no pages',
      '(file|document|pdf)( input| content)?s? (is|are|inputs?) not (supported|enabled|available|allowed)',
      'unknown variant .?(input_)?(file|document)',
      '(could not|unable to|failed to|cannot) (process|decode|load|read|download|parse).{0,30}(file|document|pdf)',
      '(invalid|unsupported|corrupt|empty)\\w*.{0,20}\\b(file|pdf)\\b',
      'pdf.{0,60}(not valid|password|encrypted|too many pages|exceeds)',
    ),
    alone: true,
  },
  {
    feature: 'prefill',
    said: any(
      // Anthropic since 4.6, Mistral, vLLM, llama.cpp, Bedrock.
      '\\bpre-?fill',
      'must end with a user',
      '(last|final) (message|role|turn|content).{0,40}(must|should|needs to|cannot|can not|expected).{0,40}(user|assistant)',
      'expected last role',
      'add_generation_prompt.{0,80}assistant',
      'assistant messages at the end',
    ),
    alone: true,
  },
  {
    feature: 'alternation',
    said: any(
      // The templates of Gemma, Llama 2 and Mistral; Perplexity; Bedrock; Mistral; Gemini.
      '\\balternat',
      '(conversation|messages?|first message).{0,40}(must|should) (start|begin|be|use|have).{0,20}user',
      'unexpected role .{0,20}after role',
      '(consecutive|same|repeated) (roles?|messages?|user|assistant)',
      'function call turn comes immediately after',
    ),
    alone: true,
  },
  {
    feature: 'system_role',
    said: any(
      // Gemma and its servers, o1-mini, Bedrock's older models.
      'system (role|message|prompt|instruction)s?.{0,20}not (supported|enabled|allowed)',
      'developer instructions? (is|are) not (enabled|supported)',
      'support (.system.|system (role|message|prompt|instruction))',
      'role.{0,30}does not support .?(system|developer)',
    ),
    alone: true,
  },
  {
    // A limit beyond what the model or its window can give.
    feature: 'max_tokens',
    said: any(
      'max_(completion_|output_|new_)?tokens.{0,120}(too (large|small|low|high)|maximum|minimum|exceed|at most|at least|less than|greater than|must be|should be|<=|>=|> \\d)',
      // Bedrock, Cohere.
      'maximum tokens you requested exceeds',
      // DeepSeek, Alibaba: "the valid range of max_tokens is [1, 8192]"; Vertex: "it has a maxOutputTokens value of 9 but the supported range is".
      'range of max_(completion_|output_|new_)?tokens',
      'max_(completion_|output_)?tokens value of \\d+ but',
      'max tokens must be',
    ),
    alone: true,
  },
  {
    feature: 'max_tokens_field',
    fields: ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_new_tokens'],
  },
  {
    feature: 'response_format',
    fields: ['response_format', 'text.format', 'output_config.format', 'output_format', 'guided_json', 'json_schema'],
    said: any(
      'support (response[ _]format|json|structured output)',
      '(json (mode|schema)|structured outputs?) (is|are|cannot|can not)',
      // Gemini: "Function calling with a response mime type: 'application/json' is unsupported".
      'response mime type.{0,30}unsupported',
    ),
  },
  { feature: 'stream_options', fields: ['stream_options', 'stream_options.include_usage', 'include_usage'] },
  { feature: 'store', fields: ['store'] },
];

/** In these words a server says that it will refuse the thing again, and not just its value. */
export const LASTING = any(
  "(not|n't|un)[ -]?(be )?support",
  'only supports?\\b|only supported|support(s)? only',
  'that support',
  'unrecogni[sz]ed|unknown|unexpected|invalid field|no such (field|parameter)',
  'extra (inputs|fields)|additional (property|properties)|extra_forbidden|property .{1,40} is unsupported',
  'not (permitted|allowed|enabled|available|implemented|compatible)|is unavailable',
  'may not be|cannot both|cannot be (used|combined|specified|set)',
  'at most 0|multimodal|mmproj|must be a string',
  'must be verified|requires|only the default|deprecated|removed|prefill|alternat|must end with|only works in|last role',
);
