import { describe, expect, it } from 'vitest';
import { httpFailure } from '../wire/errors.js';
import type { Feature } from '../spec/feature.js';

const context = { ref: { provider: 'p', model: 'm' }, secrets: [] };

/** What an answer with this body names, and what it is taken for. */
function refusal(status: number, body: unknown) {
  const { code, refused } = httpFailure(context, { status, headers: {}, text: JSON.stringify(body) }, 0);
  return { code, features: refused.map(({ feature }) => feature), lasts: refused.some(({ lasts }) => lasts) };
}

const said = (message: string, more: object = {}) => ({ error: { message, type: 'invalid_request_error', ...more } });

describe('a refusal that the model will repeat', () => {
  it.each<readonly [string, object, ...Feature[]]>([
    ['Ollama', { error: 'registry.ollama.ai/library/gemma3:4b does not support tools' }, 'tools'],
    ['Ollama', { error: '"llama3.2:3b" does not support thinking' }, 'reasoning'],
    [
      'vLLM',
      { message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set' },
      'tools',
    ],
    ['vLLM', { message: 'google/gemma-3-1b-it is not a multimodal model' }, 'images'],
    ['vLLM', { message: 'At most 0 image(s) may be provided in one prompt.' }, 'images'],
    ['DeepSeek', said('Failed to deserialize: unknown variant `image_url`, expected `text` at line 1'), 'images'],
    [
      'Groq',
      said("'messages.1' : for 'role:user' the following must be satisfied[(content must be a string)]"),
      'images',
    ],
    ['Groq', said("property 'reasoning_effort' is unsupported"), 'reasoning'],
    ['OpenAI', said('Unsupported value', { param: 'reasoning.effort', code: 'unsupported_value' }), 'reasoning'],
    [
      'OpenAI',
      said('Your organization must be verified to generate reasoning summaries.', { param: 'reasoning.summary' }),
      'reasoning_summary',
    ],
    [
      'OpenAI',
      said(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      ),
      'max_tokens_field',
    ],
    [
      'OpenAI',
      said(
        "Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.",
      ),
      'temperature',
    ],
    [
      'OpenAI',
      said('Function tools with reasoning_effort are not supported for gpt-6 in /v1/chat/completions.', {
        param: 'reasoning_effort',
      }),
      'tools_while_reasoning',
    ],
    ['OpenAI', said("Unsupported value: 'messages[0].role' does not support 'system' with this model."), 'system_role'],
    [
      'OpenAI',
      said('Encrypted content is not supported with this model.', { param: 'include' }),
      'encrypted_reasoning',
    ],
    ['OpenAI', said('Unrecognized request argument supplied: seed'), 'seed'],
    ['OpenAI', said("Unknown parameter: 'stream_options'.", { param: 'stream_options' }), 'stream_options'],
    ['xAI', said('Model grok-4 does not support parameter presencePenalty.'), 'presence_penalty'],
    ['xAI', said('Argument not supported on this model: stop'), 'stop'],
    [
      'Gemini',
      said('Invalid JSON payload received. Unknown name "frequency_penalty": Cannot find field.'),
      'frequency_penalty',
    ],
    [
      'Mistral',
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'seed'], msg: 'Extra inputs are not permitted' }] },
      'seed',
    ],
    [
      'Mistral',
      { message: 'Expected last role User or Tool (or Assistant with prefix True) but got assistant' },
      'prefill',
    ],
    [
      'Anthropic',
      said('This model does not support assistant message prefill. The conversation must end with a user message.'),
      'prefill',
    ],
    [
      'Anthropic',
      said('"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive".'),
      'reasoning',
    ],
    ['Anthropic', said('tool_choice forces tool use is not supported for this model.'), 'tool_choice'],
    ['Anthropic', said('`temperature` and `top_p` cannot both be specified for this model.'), 'top_p'],
    ['templates', said('Conversation roles must alternate user/assistant/user/assistant/...'), 'alternation'],
    ['templates', said('System role not supported'), 'system_role'],
    ['Gemma', said('Developer instruction is not enabled for models/gemma-3-4b-it'), 'system_role'],
    ['Together', said('json_schema response_format is not supported for this model'), 'response_format'],
    ['DeepSeek', said('This response_format type is unavailable now'), 'response_format'],
    ['a proxy', said("extra fields not permitted: 'parallel_tool_calls'"), 'parallel_tool_calls'],
    [
      'Azure',
      said("Unknown parameter: 'tools[0].function.strict'.", { param: 'tools[0].function.strict' }),
      'strict_tools',
    ],
    ['OpenAI', said('This model does not support file content types.'), 'files'],
    ['DeepSeek', said('Thinking mode does not support this tool_choice'), 'tool_choice'],
    [
      'Alibaba',
      said('The tool_choice parameter does not support being set to required or object in thinking mode'),
      'tool_choice',
    ],
    ['Anthropic', said('Thinking may not be enabled when tool_choice forces tool use.'), 'tool_choice'],
    [
      'Bedrock',
      said("This model doesn't support the stopSequences field. Remove stopSequences and try again."),
      'stop',
    ],
    [
      'Bedrock',
      said('Malformed input request: extraneous key [stop_sequences] is not permitted, please reformat your input.'),
      'stop',
    ],
    ['Bedrock', said("This model doesn't support the topP field. Remove topP and try again."), 'top_p'],
    ['Bedrock', said("This model doesn't support the toolConfig.toolChoice.any field."), 'tool_choice'],
    ['Bedrock', said("This model doesn't support the image content block that you provided."), 'images'],
    ['Bedrock', said("This model doesn't support documents. Try again without a document."), 'files'],
    ['Bedrock', said("This model doesn't support tool use in streaming mode."), 'tools'],
    ['Bedrock', said("This model doesn't support system messages. Try again without a system message."), 'system_role'],
    ['Bedrock', said('This model does not support pre-filling. The final turn must be a user turn'), 'prefill'],
    ['Gemini', said('Image input modality is not enabled for models/gemma-3-1b-it'), 'images'],
    ['Gemini', said('Function calling is not enabled for models/gemma-3-27b-it'), 'tools'],
    ['Gemini', said('JSON mode is not enabled for models/gemma-3-27b-it'), 'response_format'],
    [
      'Gemini',
      said("Function calling with a response mime type: 'application/json' is unsupported"),
      'response_format',
    ],
    ['Gemini', said('Penalty is not enabled for models/gemini-2.5-flash'), 'frequency_penalty', 'presence_penalty'],
    ['Gemini', said('Presence penalty is not enabled for this model'), 'presence_penalty'],
    ['vLLM', said('tool_choice = "required" is not supported!'), 'tool_choice'],
  ])('of %s: %j', (_, body, ...features) => {
    expect(refusal(400, body)).toEqual({ code: 'bad_request', features, lasts: true });
    expect(refusal(422, body).features).toEqual(features);
  });

  it.each<readonly [number, string, Feature]>([
    [404, 'No endpoints found that support tool use. Try disabling "x".', 'tools'],
    [404, 'No endpoints found that support image input', 'images'],
    [500, 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj', 'images'],
    [500, 'tools param requires --jinja flag', 'tools'],
    [501, 'tool calling is not supported', 'tools'],
  ])('with %i: %s', (status, message, feature) => {
    expect(refusal(status, said(message))).toEqual({ code: 'bad_request', features: [feature], lasts: true });
  });
});

describe('a refusal of a value, which another call may not have', () => {
  it.each<readonly [object, Feature]>([
    [said("Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3."), 'temperature'],
    [said('`top_p` must be > 0.0 and < 1.0'), 'top_p'],
    [said('max_tokens is too large: 100000. This model supports at most 16384 completion tokens.'), 'max_tokens'],
    [said('max_tokens: 64000 > 8192, which is the maximum allowed number of output tokens'), 'max_tokens'],
    [said("Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16"), 'max_tokens'],
    [said('Invalid max_tokens value, the valid range of max_tokens is [1, 8192]'), 'max_tokens'],
    [said('Range of max_tokens should be [1, 8192]'), 'max_tokens'],
    [
      said('it has a maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537'),
      'max_tokens',
    ],
    [said('`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.'), 'top_p'],
    [said('`top_k` must be unset when thinking is enabled.'), 'top_k'],
    [said('`temperature` may only be set to 1 when thinking is enabled.'), 'temperature'],
    [said("Invalid tool_choice type: 'object'. Supported string values: none, auto, required"), 'tool_choice'],
    [said('The document has no pages.'), 'files'],
    [said('Could not process image'), 'images'],
    [said('messages.0.content.1.image.source.base64: image exceeds 5 MB maximum'), 'images'],
    [said('The PDF specified was not valid.'), 'files'],
    [
      said('The encrypted content gAAA could not be verified.', { code: 'invalid_encrypted_content' }),
      'earlier_reasoning',
    ],
    [said('messages.3.content.0: Invalid `signature` in `thinking` block'), 'earlier_reasoning'],
  ])('%j', (body, feature) => {
    expect(refusal(400, body)).toEqual({ code: 'bad_request', features: [feature], lasts: false });
  });

  it('is also a limit that the window cannot hold, although the prompt fits', () => {
    const message = "'max_tokens' is too large: 8000. This model's maximum context length is 4096 tokens";
    expect(refusal(400, said(message))).toEqual({ code: 'context_too_long', features: ['max_tokens'], lasts: false });
  });
});

describe('nothing may be left out', () => {
  it.each([
    [
      400,
      said("Invalid 'tools[0].function.name': string does not match pattern.", { param: 'tools[0].function.name' }),
    ],
    [
      400,
      said("An assistant message with 'tool_calls' must be followed by tool messages.", { param: 'messages.[2].role' }),
    ],
    [400, said('Invalid JSON. Please stop sending this; the seed of all evil is not supported by us, nor its files.')],
    [400, said("This model's maximum context length is 8192 tokens, with temperature and tools not supported")],
    [400, said('Unknown name "$schema" at \'tools[0].function_declarations[0].parameters\': Cannot find field.')],
    [401, said('temperature is not supported')],
    [429, said('tools are not supported')],
    [500, said('Internal error while sampling with temperature 0.7')],
    [503, said('temperature is not supported')],
    [400, {}],
  ])('of %i %j', (status, body) => {
    expect(refusal(status, body).features).toEqual([]);
  });
});
