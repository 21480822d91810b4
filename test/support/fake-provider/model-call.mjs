import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { chatWire } from './chat-wire.mjs';
import { Failure } from './failure.mjs';
import { newId, tokensIn } from './ids.mjs';
import { chatInput, responsesInput } from './input.mjs';
import { firehoseOf, load, loadOf } from './load.mjs';
import { sendJson } from './send-json.mjs';
import { responsesWire } from './responses-wire.mjs';
import { failsAtOnce, play } from './script.mjs';

const SECRET = /auth|cookie|token|secret|api-?key/i;
const MAX_LOG = 5000;
const MAX_STORED = 1000;
const WIRES = { chat: chatWire, responses: responsesWire };

/**
 * Answers one request for a completion or a response.
 * @param state the server's: `scripts`, `log`, `stored`, `active`
 * @param options the server's: `latency`, `auxText`, `firehose`
 */
export async function modelCall(req, res, { wireName, body, state, options }) {
  const { input, instructions } = wireName === 'chat' ? chatInput(body) : responsesInput(body, state.stored);
  const kind = kindOf(req, body, options);
  const call = newCall(req, { wireName, body, input, instructions, aux: kind.aux });
  if (!kind.load && state.log.length < MAX_LOG) state.log.push(call);
  const { signal, complete } = watchClient(res, call, state);

  const haystack = JSON.stringify(input);
  const script = scriptFor(kind, { haystack, call, body, state, options });
  const stream = createStream(res, body);
  const wire = WIRES[wireName]({
    body,
    write: stream.write,
    inputTokens: tokensIn(haystack),
    ignore: (what) => (call.ignored ??= []).push(what),
    script,
  });
  try {
    if (kind.load) {
      stream.open();
      await load(kind.load, { wire, flush: stream.flush, res, signal });
      if (signal.aborted) return;
    } else {
      await playScript(script, { wire, stream, signal, latency: options.latency });
      if (wireName === 'responses' && body.store !== false) store(wire.result(), input, state);
    }
    complete();
    if (body.stream) res.end();
    else sendJson(res, 200, wire.result());
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Failure)) throw error;
    complete();
    sendFailure(res, error, { wire, stream });
  }
}

/** A load stream, a side call (`aux`), or a call that takes a script. */
function kindOf(req, body, { firehose }) {
  const model = String(body.model ?? '');
  const asked = loadOf(model);
  if (asked) return { load: asked, aux: false };
  if (req.headers['x-fake-aux'] === '1' || /title|aux/i.test(model)) return { aux: true };
  return { load: firehose ? firehoseOf(model) : undefined, aux: false };
}

function newCall(req, { wireName, body, input, instructions, aux }) {
  return {
    wire: wireName,
    model: String(body.model ?? ''),
    stream: Boolean(body.stream),
    input,
    instructions,
    tools: (body.tools ?? []).map((tool) => tool.name ?? tool.function?.name ?? tool.type),
    raw: body,
    headers: Object.fromEntries(Object.entries(req.headers).filter(([name]) => !SECRET.test(name))),
    script: null,
    started_at: new Date().toISOString(),
    ...(aux && { aux }),
  };
}

/** Notes in the log when the answer is complete, or that the client closed the connection before. */
function watchClient(res, call, state) {
  let isComplete = false;
  const gone = new AbortController();
  state.active += 1;
  res.on('close', () => {
    state.active -= 1;
    if (isComplete) return;
    call.cancelled = true;
    call.cancelled_at = new Date().toISOString();
    call.ended_at = call.cancelled_at;
    gone.abort();
  });
  const complete = () => {
    isComplete = true;
    call.ended_at = new Date().toISOString();
  };
  return { signal: gone.signal, complete };
}

function scriptFor(kind, { haystack, call, body, state, options }) {
  if (kind.load) return { text: '' };
  if (kind.aux) return { text: sideAnswer(body, options.auxText) };
  const at = state.scripts.findIndex(
    ({ when }) => when?.input_contains === undefined || haystack.includes(when.input_contains),
  );
  if (at < 0) return { error: { status: 500, message: 'no provider script left' } };
  [call.script] = state.scripts.splice(at, 1);
  return call.script;
}

/** A title prompt may ask for JSON: every string property then gets the fixed answer. */
function sideAnswer(body, text) {
  const format = body.response_format ?? body.text?.format;
  if (!format || format.type === 'text') return text;
  const properties = Object.entries((format.json_schema ?? format).schema?.properties ?? { title: { type: 'string' } });
  const strings = properties.filter(([, { type }]) => type === 'string');
  return JSON.stringify(Object.fromEntries(strings.map(([name]) => [name, text])));
}

async function playScript(script, { wire, stream, signal, latency }) {
  // setImmediate keeps deltas without a delay in packets of their own.
  const wait = (ms) => (ms ? sleep(ms, undefined, { signal }) : tick(undefined, { signal }));
  await wait(latency);
  if (!failsAtOnce(script)) {
    stream.open();
    wire.begin();
    stream.flush();
  }
  for await (const [step, ...args] of play(script, wait)) {
    wire[step](...args);
    stream.flush();
  }
  wire.end();
  stream.flush();
}

/** The body of a streamed answer; without `stream` nothing is written. */
function createStream(res, body) {
  let pending = '';
  return {
    open() {
      if (!body.stream || res.headersSent) return;
      res.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        'transfer-encoding': 'chunked',
        'x-request-id': newId('req_'),
      });
      res.flushHeaders();
    },
    write(text) {
      if (body.stream) pending += text;
    },
    // One chunk as one string to the socket: res.write() splits it into several small writes, too slow for load mode.
    flush() {
      if (pending) res.socket?.write(`${Buffer.byteLength(pending).toString(16)}\r\n${pending}\r\n`);
      pending = '';
    },
  };
}

function store({ id, output }, input, { stored }) {
  stored.set(id, { output, history: [...input, ...responsesInput({ input: output }, stored).input] });
  if (stored.size > MAX_STORED) stored.delete(stored.keys().next().value);
}

function sendFailure(res, failure, { wire, stream }) {
  if (failure.cut) res.destroy();
  else if (!res.headersSent)
    sendJson(res, failure.status, { error: failure.body }, { 'x-should-retry': String(failure.retry) });
  else {
    wire.fail(failure);
    stream.flush();
    res.end();
  }
}
