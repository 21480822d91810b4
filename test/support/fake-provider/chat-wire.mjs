import { newId, seconds, tokensIn } from './ids.mjs';
import { argumentPieces, textOf } from './script.mjs';

/** Turns the steps of an answer into a stream of chat completion chunks, and into the answer without a stream. */
export function chatWire({ body, write, inputTokens, ignore, script }) {
  const head = {
    id: newId('chatcmpl-'),
    object: 'chat.completion.chunk',
    created: seconds(),
    model: body.model,
    service_tier: 'default',
    system_fingerprint: null,
  };
  const withUsage = body.stream_options?.include_usage;
  const message = { role: 'assistant', content: null, refusal: null, annotations: [] };
  const calls = [];
  let thoughtCount = 0;
  let finish = 'stop';
  const chunk = (delta, finish_reason = null) =>
    write(
      `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...(withUsage && { usage: null }) })}\n\n`,
    );
  const usage = () => usageOf(inputTokens, message, calls);
  const think = (reasoning_content) => {
    message.reasoning_content = (message.reasoning_content ?? '') + reasoning_content;
    chunk({ reasoning_content });
  };
  return {
    begin() {
      chunk({ role: 'assistant', content: textOf(script) === undefined ? null : '', refusal: null });
    },
    reasoningStart() {},
    thoughtStart() {
      if (thoughtCount > 0) think('\n\n');
      thoughtCount += 1;
    },
    thought: think,
    thoughtEnd() {},
    reasoningEnd() {},
    image() {
      ignore('image');
    },
    textStart() {
      message.content = '';
    },
    text(content) {
      chunk({ content });
    },
    textEnd(text, annotations) {
      message.content = text;
      message.annotations = urlCitations(annotations);
      if (message.annotations.length < annotations.length) ignore('annotations other than url_citation');
      if (message.annotations.length > 0) chunk({ annotations: message.annotations });
    },
    toolCall({ name, call_id, args }) {
      const index = calls.push({ id: call_id, type: 'function', function: { name, arguments: args } }) - 1;
      finish = 'tool_calls';
      chunk({ tool_calls: [{ index, id: call_id, type: 'function', function: { name, arguments: '' } }] });
      for (const piece of argumentPieces(args)) chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
    },
    end() {
      chunk({}, finish);
      if (withUsage) write(`data: ${JSON.stringify({ ...head, choices: [], usage: usage() })}\n\n`);
      write('data: [DONE]\n\n');
    },
    fail(failure) {
      write(`data: ${JSON.stringify({ error: failure.body })}\n\n`);
    },
    result: () => ({
      ...head,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { ...message, ...(calls.length > 0 && { tool_calls: calls }) },
          logprobs: null,
          finish_reason: finish,
        },
      ],
      usage: usage(),
    }),
  };
}

const urlCitations = (annotations) =>
  annotations
    .filter(({ type }) => type === 'url_citation')
    .map(({ type, ...url_citation }) => ({ type, url_citation }));

function usageOf(inputTokens, message, calls) {
  const reasoning_tokens = tokensIn(message.reasoning_content ?? '');
  const completion_tokens =
    reasoning_tokens +
    tokensIn(message.content ?? '') +
    tokensIn(calls.map((call) => call.function.arguments).join(''));
  return {
    prompt_tokens: inputTokens,
    completion_tokens,
    total_tokens: inputTokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
