#!/usr/bin/env node
// Scripted fake LLM provider: OpenAI Chat Completions + Responses on one port. Node >= 20, no dependencies.
//
//   node fake-provider.mjs [--port 4020] [--host 127.0.0.1] [--control /__control] [--latency 40] [--aux-text "Fake title"] [--firehose]
//   import { start } from './fake-provider.mjs';   const { url, control, close } = await start({ port: 0 });
//
// url (…/v1) is the OpenAI base URL, any API key will do; control is the replayer's --provider value.
//
// CONTROL   POST <control> {scripts:[…]}   replaces the queue, clears the log; 400 on an unknown or useless key (queue left empty)
//           GET  <control>/calls[?aux=1]   {calls:[{wire, model, stream, input, instructions, tools, raw, headers, script,
//                                          started_at, ended_at, cancelled?, cancelled_at?, ignored?, aux?}], left}
//           cancelled: the client closed the connection before the answer was complete.
// OTHER     GET /health, GET /v1/models, POST /v1/audio/transcriptions -> "<media type>:<byte count>"
//
// SCRIPTS   A model call takes the first script whose when.input_contains (if any) occurs in JSON.stringify(input). None left:
//           the call is logged and answered 500 "no provider script left". Output order: reasoning, image, text, tool calls.
//   text, deltas              default: one delta. A delta boundary inside a surrogate pair moves to the next delta, as a real
//                             provider never sends half a character; split_surrogates: true sends the halves (as \ud83d escapes)
//   delay_ms                  before each text delta, after each reasoning fragment
//   hang_after: n             silent after n text deltas, connection open
//   reasoning: [[fragments]]  Responses: one summary part per thought. Chat: reasoning_content deltas; thoughts are separated by
//                             one delta that is exactly "\n\n"
//   hang_in_reasoning_after   silent before this fragment (index within a thought)
//   tool_call / tool_calls    {name, arguments, call_id?}; arguments: object, or a string sent verbatim (to test bad JSON)
//   image {partials, b64}     Responses only
//   annotations               Responses: all. Chat: url_citation only, as delta.annotations before the end of the text
//   error {status}            HTTP error before any output (also when there is no text)
//   error {after: n}          after n text deltas. Chat: an error object, no [DONE]. Responses: `error` event + response.failed
//       + cut: true           the socket is cut instead (without `after`: before any byte, which SDKs retry by themselves)
//       + failed_only: true   Responses: response.failed without an `error` event
//       + message, type, code; retry: true
//   Errors carry `x-should-retry: false` unless retry is true: an SDK retrying by itself would eat the next script.
//   Without `stream`, a mid-stream error is an HTTP error. Keys a wire cannot express are listed in the call's `ignored`.
//
// SIDE CALLS (titles, summaries): header `x-fake-aux: 1`, or a model name containing "title" or "aux". Fixed answer (wrapped in an
//           object when JSON output is asked for), no script consumed, absent from /calls unless ?aux=1.
//
// LOAD      model "fake;tokens=200;delay=10;first=0;size=4" needs no script and is not logged: that many tokens, one per `delay`
//           ms (0: as fast as the client reads), the first after `first` ms. A token is "<send time>" + `size` filler characters,
//           the last one a space; send time = epoch microseconds, 16 digits: (performance.timeOrigin + performance.now()) * 1000.
//           --firehose does this for every other model name too, with delay=0.
//
// NORMALISED `input`  The assertions search the JSON text of `input`, so both wires are rewritten to what the reference's model
//   saw: a flat list of Responses items, oldest first, whose `type` key comes first:
//     {type:"message", role, content:[{type:"input_text"|"output_text", text} | {type:"input_image"|"input_file", …}]}
//     {type:"function_call", call_id, name, arguments}   {type:"function_call_output", call_id, output: string}
//     {type:"reasoning", summary:[{type:"summary_text", text}]}
//   - system/developer messages and `instructions` go to the call's `instructions`: a prompt that merely explains
//     <HiddenContext> must not count as an occurrence (and context sent with the wrong role is then missed, as it should be)
//   - a chat assistant message becomes reasoning, text, function calls, in that order; no empty text beside function calls
//   - item ids, statuses, nulls, empty annotations are dropped: they differ per wire and SDK, and could hit a pattern by chance
//   - previous_response_id and item_reference are expanded, so that both styles of multi-turn calls read the same
//   `raw` is the untouched body.

import http from 'node:http';
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const SCRIPT_KEYS = new Set([
  'when',
  'text',
  'deltas',
  'split_surrogates',
  'delay_ms',
  'hang_after',
  'reasoning',
  'hang_in_reasoning_after',
  'tool_call',
  'tool_calls',
  'image',
  'annotations',
  'error',
]);
const ERROR_KEYS = new Set(['status', 'after', 'cut', 'failed_only', 'message', 'type', 'code', 'retry']);
const SECRET = /auth|cookie|token|secret|api-?key/i;
const MAX_LOG = 5000;
const FOREVER = 2 ** 31 - 1;

const newId = (prefix) => prefix + randomBytes(12).toString('hex');
const seconds = () => Math.floor(Date.now() / 1000);
const micros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);
const tokensIn = (s) => Math.ceil(s.length / 4);
const isHigh = (c) => c >= 0xd800 && c <= 0xdbff;

// ------------------------------------------------------------------ model input, normalised

const compact = ({ type, id, status, ...rest }) => ({
  type,
  ...Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== null && v !== undefined)),
});
const joinText = (content) =>
  typeof content === 'string' ? content : (content ?? []).map((p) => p.text ?? JSON.stringify(p)).join('');
const toolOutput = (call_id, output) => ({ type: 'function_call_output', call_id, output: joinText(output) });
const thoughts = (texts) => ({ type: 'reasoning', summary: texts.map((text) => ({ type: 'summary_text', text })) });

function message(role, content) {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return {
    type: 'message',
    role,
    content: [content ?? []].flat().map((p) => {
      if (typeof p === 'string') return { type, text: p };
      if (['text', 'input_text', 'output_text'].includes(p.type))
        return { type, text: p.text, ...(p.annotations?.length && { annotations: p.annotations }) };
      if (p.type === 'image_url')
        return { type: 'input_image', image_url: p.image_url.url, detail: p.image_url.detail ?? 'auto' };
      if (p.type === 'file') return compact({ type: 'input_file', ...p.file });
      return compact(p);
    }),
  };
}

const isPrompt = (m) => m.role === 'system' || m.role === 'developer';

function chatInput(body) {
  const messages = body.messages ?? [];
  const input = messages
    .filter((m) => !isPrompt(m))
    .flatMap((m) => {
      if (m.role === 'tool') return [toolOutput(m.tool_call_id, m.content)];
      if (m.role !== 'assistant') return [message(m.role, m.content)];
      const calls = m.tool_calls ?? [];
      const thought = m.reasoning_content ?? m.reasoning;
      return [
        ...(thought ? [thoughts([thought])] : []),
        ...(m.content?.length || !calls.length ? [message('assistant', m.content)] : []),
        ...calls.map((c) => ({
          type: 'function_call',
          call_id: c.id,
          name: c.function?.name,
          arguments: c.function?.arguments,
        })),
      ];
    });
  return {
    input,
    instructions: messages
      .filter(isPrompt)
      .map((m) => joinText(m.content))
      .join('\n\n'),
  };
}

function responsesInput(body, stored) {
  const items = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : (body.input ?? []);
  const isMessage = (i) => i.type === 'message' || (!i.type && i.role);
  const history = body.previous_response_id ? stored.get(body.previous_response_id)?.history : [];
  if (!history)
    throw new Failure({
      status: 400,
      message: `Previous response with id '${body.previous_response_id}' not found.`,
      code: 'previous_response_not_found',
    });
  const input = items
    .filter((i) => !isPrompt(i))
    .map((i) => {
      if (i.type === 'item_reference')
        i = [...stored.values()].flatMap((r) => r.output).find((o) => o.id === i.id) ?? i;
      if (isMessage(i)) return message(i.role, i.content);
      if (i.type === 'function_call') return { type: i.type, call_id: i.call_id, name: i.name, arguments: i.arguments };
      if (i.type === 'function_call_output') return toolOutput(i.call_id, i.output);
      if (i.type === 'reasoning') return thoughts([...(i.summary ?? []), ...(i.content ?? [])].map((p) => p.text));
      return compact(i);
    });
  return {
    input: [...history, ...input],
    instructions: [body.instructions ?? '', ...items.filter(isPrompt).map((m) => joinText(m.content))]
      .filter(Boolean)
      .join('\n\n'),
  };
}

// ------------------------------------------------------------------ errors

class Failure extends Error {
  constructor({ status = 500, message, type, code = null, retry = false, cut = false, failed_only = false }) {
    // The status is in the text so that a product that forwards provider messages to its users is found out.
    super(message ?? `status ${status}: The server had an error while processing your request. Sorry about that!`);
    Object.assign(this, { status, retry, cut, failed_only });
    this.body = {
      message: this.message,
      type: type ?? (status === 429 ? 'rate_limit_exceeded' : status >= 500 ? 'server_error' : 'invalid_request_error'),
      param: null,
      code,
    };
  }
}

function checkScripts(scripts) {
  if (!Array.isArray(scripts)) return 'scripts must be an array';
  for (const [i, s] of scripts.entries()) {
    const bad = [
      ...Object.keys(s).filter((k) => !SCRIPT_KEYS.has(k)),
      ...Object.keys(s.error ?? {})
        .filter((k) => !ERROR_KEYS.has(k))
        .map((k) => `error.${k}`),
    ];
    if (bad.length) return `script #${i}: unknown key ${bad.join(', ')}`;
    const idle = s.text === undefined && !s.deltas && ['hang_after', 'annotations'].find((k) => k in s);
    if (idle) return `script #${i}: ${idle} needs text`;
  }
}

// ------------------------------------------------------------------ a script as a series of wire method calls

const textOf = (s) => s.text ?? s.deltas?.join('');
const failsAtOnce = (s) => s.error && (s.error.after === undefined || textOf(s) === undefined);
const callsOf = (s) => s.tool_calls ?? (s.tool_call ? [s.tool_call] : []);

function wholeCharacters(deltas) {
  let carry = '';
  return deltas.map((d, i) => {
    d = carry + d;
    carry = i < deltas.length - 1 && isHigh(d.charCodeAt(d.length - 1)) ? d.slice(-1) : '';
    return (carry ? d.slice(0, -1) : d).toWellFormed();
  });
}

async function* play(s, wait) {
  const hang = () => wait(FOREVER);
  const pieces = s.split_surrogates ? (d) => d : wholeCharacters;
  const text = textOf(s);
  if (failsAtOnce(s)) throw new Failure(s.error);

  if (s.reasoning) {
    yield ['reasoningStart'];
    for (const fragments of s.reasoning) {
      yield ['thoughtStart'];
      for (const [i, fragment] of pieces(fragments).entries()) {
        if (s.hang_in_reasoning_after === i) await hang();
        yield ['thought', fragment];
        await wait(s.delay_ms ?? 0);
      }
      yield ['thoughtEnd', fragments.join('').toWellFormed()];
    }
    yield ['reasoningEnd'];
  }
  if (s.image) yield ['image', s.image];
  if (text !== undefined) {
    yield ['textStart'];
    const deltas = pieces(s.deltas?.length ? s.deltas : [text]);
    for (let i = 0; i <= deltas.length; i++) {
      const last = i === deltas.length;
      if (last ? s.hang_after >= i : s.hang_after === i) await hang();
      if (last ? s.error?.after >= i : s.error?.after === i) {
        await wait(50);
        throw new Failure(s.error);
      }
      if (last) break;
      await wait(s.delay_ms ?? 0);
      yield ['text', deltas[i]];
    }
    yield ['textEnd', text.toWellFormed(), s.annotations ?? []];
  }
  for (const { name, call_id, arguments: args = {} } of callsOf(s)) {
    yield [
      'toolCall',
      { name, call_id: call_id ?? newId('call_'), args: typeof args === 'string' ? args : JSON.stringify(args) },
    ];
  }
}

const argumentPieces = (args) => wholeCharacters(args.match(/[^]{1,24}/g) ?? []);

// ------------------------------------------------------------------ wires: each turns the same steps into its own stream and its own JSON answer

function chatWire({ body, write, inputTokens, ignore, script }) {
  const head = {
    id: newId('chatcmpl-'),
    object: 'chat.completion.chunk',
    created: seconds(),
    model: body.model,
    service_tier: 'default',
    system_fingerprint: null,
  };
  const withUsage = body.stream_options?.include_usage;
  const msg = { role: 'assistant', content: null, refusal: null, annotations: [] };
  const calls = [];
  let thoughtCount = 0;
  let finish = 'stop';
  const chunk = (delta, finish_reason = null) =>
    write(
      `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...(withUsage && { usage: null }) })}\n\n`,
    );
  const usage = () => {
    const reasoning_tokens = tokensIn(msg.reasoning_content ?? '');
    const completion_tokens =
      reasoning_tokens + tokensIn(msg.content ?? '') + tokensIn(calls.map((c) => c.function.arguments).join(''));
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
  };
  const think = (reasoning_content) => {
    msg.reasoning_content = (msg.reasoning_content ?? '') + reasoning_content;
    chunk({ reasoning_content });
  };
  return {
    begin() {
      chunk({ role: 'assistant', content: textOf(script) === undefined ? null : '', refusal: null });
    },
    reasoningStart() {},
    thoughtStart() {
      if (thoughtCount++) think('\n\n');
    },
    thought: think,
    thoughtEnd() {},
    reasoningEnd() {},
    image() {
      ignore('image');
    },
    textStart() {
      msg.content = '';
    },
    text(content) {
      chunk({ content });
    },
    textEnd(text, annotations) {
      msg.content = text;
      msg.annotations = annotations
        .filter((a) => a.type === 'url_citation')
        .map(({ type, ...url_citation }) => ({ type, url_citation }));
      if (msg.annotations.length < annotations.length) ignore('annotations other than url_citation');
      if (msg.annotations.length) chunk({ annotations: msg.annotations });
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
          message: { ...msg, ...(calls.length && { tool_calls: calls }) },
          logprobs: null,
          finish_reason: finish,
        },
      ],
      usage: usage(),
    }),
  };
}

function responsesWire({ body, write, inputTokens }) {
  const output = [];
  const response = {
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
  let seq = 0;
  let reasoningTokens = 0;
  let outputTokens = 0;
  let item;
  let at;
  const emit = (type, fields) =>
    write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: seq++, ...fields })}\n\n`);
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
  const part = (text, annotations) => ({ type: 'output_text', annotations, logprobs: [], text });
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
      open({
        id: newId('rs_'),
        type: 'reasoning',
        summary: [],
        ...(body.include?.includes('reasoning.encrypted_content') && { encrypted_content: 'ZmFrZQ==' }),
      });
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
      const format = { size: '1024x1024', quality: 'low', background: 'opaque', output_format: 'png' };
      open({ id: newId('ig_'), type: 'image_generation_call', status: 'in_progress', result: null });
      emit('response.image_generation_call.in_progress', at);
      emit('response.image_generation_call.generating', at);
      for (let i = 0; i < partials; i++)
        emit('response.image_generation_call.partial_image', {
          ...at,
          partial_image_index: i,
          partial_image_b64: b64,
          ...format,
        });
      emit('response.image_generation_call.completed', at);
      close({ status: 'completed', result: b64, ...format });
    },
    textStart() {
      open({ id: newId('msg_'), type: 'message', status: 'in_progress', content: [], role: 'assistant' });
      at.content_index = 0;
      emit('response.content_part.added', { ...at, part: part('', []) });
    },
    text(delta) {
      emit('response.output_text.delta', { ...at, delta, logprobs: [] });
    },
    textEnd(text, annotations) {
      annotations.forEach((annotation, annotation_index) =>
        emit('response.output_text.annotation.added', { ...at, annotation_index, annotation }),
      );
      emit('response.output_text.done', { ...at, text, logprobs: [] });
      emit('response.content_part.done', { ...at, part: part(text, annotations) });
      outputTokens += tokensIn(text);
      close({ status: 'completed', content: [part(text, annotations)] });
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

// ------------------------------------------------------------------ load mode

const DEFAULT_LOAD = { tokens: 200, delay: 10, first: 0, size: 4 };
const loadParams = (spec, base = DEFAULT_LOAD) => ({
  ...base,
  ...Object.fromEntries(
    spec
      .split(';')
      .slice(1)
      .map((p) => p.split('='))
      .map(([k, v]) => [k, Number(v)]),
  ),
});

// One timer for all paced streams, one write per stream and tick: a timer per token would be the bottleneck.
const paced = new Set();
let pacer;
function pace(step) {
  paced.add(step);
  pacer ??= setInterval(() => {
    const now = performance.now();
    for (const s of paced) if (s(now)) paced.delete(s);
    if (!paced.size) {
      clearInterval(pacer);
      pacer = undefined;
    }
  }, 1);
}

function load({ tokens, delay, first, size }, { wire, flush, res, signal }) {
  const filler = size > 0 ? ' '.padStart(size, 'x') : '';
  let sent = 0;
  let text = '';
  let due = performance.now() + first;
  wire.begin();
  wire.textStart();
  flush();
  return new Promise((resolve) =>
    pace((now) => {
      if (!signal.aborted && !res.socket?.writableNeedDrain) {
        for (let burst = 0; burst < 256 && sent < tokens && due <= now; burst++, sent++, due += delay) {
          const token = micros() + filler;
          text += token;
          wire.text(token);
        }
        flush();
      }
      if (sent < tokens && !signal.aborted) return false;
      if (sent >= tokens) {
        wire.textEnd(text, []);
        wire.end();
        flush();
      }
      resolve();
      return true;
    }),
  );
}

// ------------------------------------------------------------------ server

/** A title prompt may ask for JSON: every string property then gets the fixed answer. */
function auxAnswer(body, text) {
  const format = body.response_format ?? body.text?.format;
  if (!format || format.type === 'text') return text;
  const properties = Object.entries((format.json_schema ?? format).schema?.properties ?? { title: { type: 'string' } });
  return JSON.stringify(Object.fromEntries(properties.filter(([, p]) => p.type === 'string').map(([k]) => [k, text])));
}

async function transcribe(req, bytes) {
  const form = await new Response(bytes, { headers: { 'content-type': req.headers['content-type'] ?? '' } })
    .formData()
    .catch(() => undefined);
  const file = form?.get('file');
  if (typeof file?.size !== 'number')
    throw new Failure({ status: 400, message: "Missing required parameter: 'file'." });
  const declared = file.type.split(';')[0].trim();
  const byName = {
    webm: 'audio/webm',
    mp4: 'audio/mp4',
    m4a: 'audio/mp4',
    ogg: 'audio/ogg',
    wav: 'audio/wav',
    mp3: 'audio/mpeg',
  }[file.name.split('.').pop()];
  // Like OpenAI, fall back to the file name: some HTTP clients label every part application/octet-stream.
  const type = declared && declared !== 'application/octet-stream' ? declared : (byName ?? 'application/octet-stream');
  return { text: `${type}:${file.size}`, plain: form.get('response_format') === 'text' };
}

export async function start({
  port = 0,
  host = '127.0.0.1',
  control = '/__control',
  latency = 40,
  auxText = 'Fake title',
  firehose = false,
} = {}) {
  const stored = new Map(); // response id -> {history, output}, for previous_response_id
  let scripts = [];
  let log = [];
  let active = 0;

  const json = (res, status, value, headers = {}) => {
    res.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': newId('req_'),
      ...headers,
    });
    res.end(JSON.stringify(value));
  };

  async function modelCall(req, res, wireName, body) {
    const { input, instructions } = wireName === 'chat' ? chatInput(body) : responsesInput(body, stored);
    const model = String(body.model ?? '');
    const perf = model.startsWith('fake;') ? loadParams(model) : undefined;
    const aux = !perf && (req.headers['x-fake-aux'] === '1' || /title|aux/i.test(model));
    const burst = perf ?? (firehose && !aux ? loadParams(model, { ...DEFAULT_LOAD, delay: 0 }) : undefined);
    const call = {
      wire: wireName,
      model,
      stream: !!body.stream,
      input,
      instructions,
      tools: (body.tools ?? []).map((t) => t.name ?? t.function?.name ?? t.type),
      raw: body,
      headers: Object.fromEntries(Object.entries(req.headers).filter(([k]) => !SECRET.test(k))),
      script: null,
      started_at: new Date().toISOString(),
      ...(aux && { aux }),
    };
    if (!burst && log.length < MAX_LOG) log.push(call);

    let complete = false;
    const gone = new AbortController();
    const markComplete = () => {
      complete = true;
      call.ended_at = new Date().toISOString();
    };
    active++;
    res.on('close', () => {
      active--;
      if (complete) return;
      call.cancelled = true;
      call.cancelled_at = call.ended_at = new Date().toISOString();
      gone.abort();
    });
    const signal = gone.signal;
    // setImmediate keeps undelayed deltas in packets of their own.
    const wait = (ms) => (ms ? sleep(ms, undefined, { signal }) : tick(undefined, { signal }));

    const ignore = (what) => (call.ignored ??= []).push(what);
    const haystack = JSON.stringify(input);
    let script = burst ? { text: '' } : { text: auxAnswer(body, auxText) };
    if (!burst && !aux) {
      const i = scripts.findIndex(
        (s) => s.when?.input_contains === undefined || haystack.includes(s.when.input_contains),
      );
      [script] = i < 0 ? [{ error: { status: 500, message: 'no provider script left' } }] : scripts.splice(i, 1);
      if (i >= 0) call.script = script;
    }

    let pending = '';
    const write = (s) => {
      if (body.stream) pending += s;
    };
    // One chunk as one string to the socket: res.write() splits it into several small writes, too slow for load mode.
    const flush = () => {
      if (pending) res.socket?.write(`${Buffer.byteLength(pending).toString(16)}\r\n${pending}\r\n`);
      pending = '';
    };
    const wire = (wireName === 'chat' ? chatWire : responsesWire)({
      body,
      write,
      inputTokens: tokensIn(haystack),
      ignore,
      script,
    });
    const openStream = () => {
      if (!body.stream || res.headersSent) return;
      res.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        'transfer-encoding': 'chunked',
        'x-request-id': newId('req_'),
      });
      res.flushHeaders();
    };

    try {
      if (burst) {
        openStream();
        await load(burst, { wire, flush, res, signal });
        if (signal.aborted) return;
      } else {
        await wait(latency);
        if (!failsAtOnce(script)) {
          openStream();
          wire.begin();
          flush();
        }
        for await (const [step, ...args] of play(script, wait)) {
          wire[step](...args);
          flush();
        }
        wire.end();
        flush();
      }
      if (wireName === 'responses' && body.store !== false && !burst) {
        const { id, output } = wire.result();
        stored.set(id, { output, history: [...input, ...responsesInput({ input: output }, stored).input] });
        if (stored.size > 1000) stored.delete(stored.keys().next().value);
      }
      markComplete();
      if (body.stream) res.end();
      else json(res, 200, wire.result());
    } catch (e) {
      if (signal.aborted) return;
      if (!(e instanceof Failure)) throw e;
      markComplete();
      if (e.cut) return void res.destroy();
      if (!res.headersSent) return json(res, e.status, { error: e.body }, { 'x-should-retry': String(e.retry) });
      wire.fail(e);
      flush();
      res.end();
    }
  }

  async function route(req, res) {
    const { pathname, searchParams } = new URL(req.url, 'http://x');
    const bytes = Buffer.concat(await req.toArray());
    const body = () => {
      try {
        return JSON.parse(bytes);
      } catch {
        throw new Failure({ status: 400, message: 'We could not parse the JSON body of your request.' });
      }
    };
    switch (`${req.method} ${pathname.replace(/(?<=.)\/$/, '')}`) {
      case `POST ${control}`: {
        const wanted = body().scripts;
        const wrong = checkScripts(wanted);
        if (wrong) console.error(`fake provider: scripts refused: ${wrong}`);
        scripts = wrong ? [] : [...wanted];
        log = [];
        return json(res, wrong ? 400 : 200, wrong ? { error: wrong } : { scripts: scripts.length });
      }
      case `GET ${control}/calls`:
        return json(res, 200, {
          calls: log.filter((c) => !c.aux || searchParams.get('aux') === '1'),
          left: scripts.length,
        });
      case 'GET /health':
        return json(res, 200, { ok: true, active, scripts: scripts.length, calls: log.length });
      case 'GET /v1/models':
        return json(res, 200, {
          object: 'list',
          data: ['fake', 'fake-aux'].map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake-provider' })),
        });
      case 'POST /v1/chat/completions':
        return modelCall(req, res, 'chat', body());
      case 'POST /v1/responses':
        return modelCall(req, res, 'responses', body());
      case 'POST /v1/audio/transcriptions': {
        const { text, plain } = await transcribe(req, bytes);
        return plain
          ? void res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
          : json(res, 200, { text });
      }
      default:
        throw new Failure({ status: 404, message: `Invalid URL (${req.method} ${pathname})` });
    }
  }

  const server = http.createServer((req, res) => {
    route(req, res).catch((e) => {
      if (req.destroyed && !req.complete) return;
      const failure = e instanceof Failure ? e : new Failure({ status: 500, message: `fake provider: ${e.stack}` });
      if (!(e instanceof Failure)) console.error(e);
      if (res.headersSent) res.destroy();
      else json(res, failure.status, { error: failure.body }, { 'x-should-retry': 'false' });
    });
  });
  // Node's 5 s default races with clients that reuse idle connections: they see ECONNRESET and retry, which eats a script.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const origin = `http://${host}:${server.address().port}`;
  return {
    url: `${origin}/v1`,
    control: origin + control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { parseArgs } = await import('node:util');
  const { values: o } = parseArgs({
    options: {
      port: { type: 'string', default: '4020' },
      host: { type: 'string', default: '127.0.0.1' },
      control: { type: 'string', default: '/__control' },
      latency: { type: 'string', default: '40' },
      'aux-text': { type: 'string', default: 'Fake title' },
      firehose: { type: 'boolean', default: false },
    },
  });
  const { url, control } = await start({
    port: Number(o.port),
    host: o.host,
    control: o.control,
    latency: Number(o.latency),
    auxText: o['aux-text'],
    firehose: o.firehose,
  });
  console.log(`fake provider: OPENAI_BASE_URL=${url}  control=${control}`);
}
