import { newId, seconds, tokensIn } from './ids.mjs';
import { argumentPieces } from './script.mjs';

const IMAGE_FORMAT = { size: '1024x1024', quality: 'low', background: 'opaque', output_format: 'png' };
const textPart = (text, annotations) => ({ type: 'output_text', annotations, logprobs: [], text });

/** Turns the steps of an answer into a stream of Responses events, and into the answer without a stream. */
export function responsesWire({ body, write, inputTokens }) {
  const response = newResponse(body);
  const output = [];
  let sequence = 0;
  let reasoningTokens = 0;
  let outputTokens = 0;
  let item;
  let at;
  const emit = (type, fields) => {
    write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...fields })}\n\n`);
    sequence += 1;
  };
  const open = (fields) => {
    item = fields;
    at = { item_id: item.id, output_index: output.length };
    emit('response.output_item.added', { output_index: output.length, item });
  };
  const close = (fields) => {
    Object.assign(item, fields);
    emit('response.output_item.done', { output_index: output.length, item });
    output.push(item);
  };
  const finish = (fields) =>
    Object.assign(response, fields, {
      output,
      usage: {
        input_tokens: inputTokens,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: outputTokens,
        output_tokens_details: { reasoning_tokens: reasoningTokens },
        total_tokens: inputTokens + outputTokens,
      },
    });
  return {
    begin() {
      emit('response.created', { response });
      emit('response.in_progress', { response });
    },
    reasoningStart() {
      const encrypted = body.include?.includes('reasoning.encrypted_content') && { encrypted_content: 'ZmFrZQ==' };
      open({ id: newId('rs_'), type: 'reasoning', summary: [], ...encrypted });
    },
    thoughtStart() {
      at.summary_index = item.summary.length;
      emit('response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } });
    },
    thought(delta) {
      emit('response.reasoning_summary_text.delta', { ...at, delta });
    },
    thoughtEnd(text) {
      const done = { type: 'summary_text', text };
      emit('response.reasoning_summary_text.done', { ...at, text });
      emit('response.reasoning_summary_part.done', { ...at, part: done });
      item.summary.push(done);
      reasoningTokens += tokensIn(text);
      outputTokens += tokensIn(text);
    },
    reasoningEnd() {
      close({});
    },
    image({ b64, partials = 0 }) {
      open({ id: newId('ig_'), type: 'image_generation_call', status: 'in_progress', result: null });
      emit('response.image_generation_call.in_progress', at);
      emit('response.image_generation_call.generating', at);
      for (let i = 0; i < partials; i += 1)
        emit('response.image_generation_call.partial_image', {
          ...at,
          partial_image_index: i,
          partial_image_b64: b64,
          ...IMAGE_FORMAT,
        });
      emit('response.image_generation_call.completed', at);
      close({ status: 'completed', result: b64, ...IMAGE_FORMAT });
    },
    textStart() {
      open({ id: newId('msg_'), type: 'message', status: 'in_progress', content: [], role: 'assistant' });
      at.content_index = 0;
      emit('response.content_part.added', { ...at, part: textPart('', []) });
    },
    text(delta) {
      emit('response.output_text.delta', { ...at, delta, logprobs: [] });
    },
    textEnd(text, annotations) {
      annotations.forEach((annotation, annotation_index) =>
        emit('response.output_text.annotation.added', { ...at, annotation_index, annotation }),
      );
      emit('response.output_text.done', { ...at, text, logprobs: [] });
      emit('response.content_part.done', { ...at, part: textPart(text, annotations) });
      outputTokens += tokensIn(text);
      close({ status: 'completed', content: [textPart(text, annotations)] });
    },
    toolCall({ name, call_id, args }) {
      open({ id: newId('fc_'), type: 'function_call', status: 'in_progress', arguments: '', call_id, name });
      for (const delta of argumentPieces(args)) emit('response.function_call_arguments.delta', { ...at, delta });
      emit('response.function_call_arguments.done', { ...at, arguments: args });
      outputTokens += tokensIn(args);
      close({ status: 'completed', arguments: args });
    },
    end() {
      emit('response.completed', { response: finish({ status: 'completed', completed_at: seconds() }) });
    },
    fail(failure) {
      const { code, message } = failure.body;
      if (!failure.failed_only) emit('error', { error: failure.body });
      emit('response.failed', {
        response: { ...finish({ status: 'failed', error: { code: code ?? 'server_error', message } }), usage: null },
      });
    },
    result: () => response,
  };
}

function newResponse(body) {
  return {
    id: newId('resp_'),
    object: 'response',
    created_at: seconds(),
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    model: body.model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: null,
    reasoning: { effort: null, summary: null, ...body.reasoning },
    safety_identifier: null,
    service_tier: 'default',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: { format: { type: 'text' }, verbosity: 'medium', ...body.text },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: body.metadata ?? {},
  };
}
