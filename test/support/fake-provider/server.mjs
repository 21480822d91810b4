import http from 'node:http';
import { Failure } from './failure.mjs';
import { modelCall } from './model-call.mjs';
import { checkScripts } from './script.mjs';
import { sendJson } from './send-json.mjs';
import { transcribe } from './transcription.mjs';

const MODELS = ['fake', 'fake-aux'].map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake-provider' }));

/** Starts the provider; `url` is the OpenAI base URL, `control` the control URL. */
export async function start({
  port = 0,
  host = '127.0.0.1',
  control = '/__control',
  latency = 40,
  auxText = 'Fake title',
  firehose = false,
} = {}) {
  const route = createRouter(control, { latency, auxText, firehose });
  const server = http.createServer((req, res) => {
    route(req, res).catch((error) => refuse(req, res, error));
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

function refuse(req, res, error) {
  if (req.destroyed && !req.complete) return;
  const isOurs = error instanceof Failure;
  if (!isOurs) console.error(error);
  const failure = isOurs ? error : new Failure({ status: 500, message: `fake provider: ${error.stack}` });
  if (res.headersSent) res.destroy();
  else sendJson(res, failure.status, { error: failure.body }, { 'x-should-retry': 'false' });
}

function createRouter(control, options) {
  const state = { scripts: [], log: [], stored: new Map(), active: 0 };
  const routes = {
    [`POST ${control}`]: ({ res, bytes }) => replaceScripts(res, parse(bytes).scripts, state),
    [`GET ${control}/calls`]: ({ res, query }) =>
      sendJson(res, 200, {
        calls: state.log.filter(({ aux }) => !aux || query.get('aux') === '1'),
        left: state.scripts.length,
      }),
    'GET /health': ({ res }) => {
      const { active, scripts, log } = state;
      sendJson(res, 200, { ok: true, active, scripts: scripts.length, calls: log.length });
    },
    'GET /v1/models': ({ res }) => sendJson(res, 200, { object: 'list', data: MODELS }),
    'POST /v1/chat/completions': ({ req, res, bytes }) =>
      modelCall(req, res, { wireName: 'chat', body: parse(bytes), state, options }),
    'POST /v1/responses': ({ req, res, bytes }) =>
      modelCall(req, res, { wireName: 'responses', body: parse(bytes), state, options }),
    'POST /v1/audio/transcriptions': sendTranscription,
  };
  return async (req, res) => {
    const { pathname, searchParams: query } = new URL(req.url, 'http://x');
    const bytes = Buffer.concat(await req.toArray());
    const handle = routes[`${req.method} ${pathname.replace(/(?<=.)\/$/, '')}`];
    if (!handle) throw new Failure({ status: 404, message: `Invalid URL (${req.method} ${pathname})` });
    await handle({ req, res, bytes, query });
  };
}

function parse(bytes) {
  try {
    return JSON.parse(bytes);
  } catch {
    throw new Failure({ status: 400, message: 'We could not parse the JSON body of your request.' });
  }
}

function replaceScripts(res, wanted, state) {
  const wrong = checkScripts(wanted);
  if (wrong) console.error(`fake provider: scripts refused: ${wrong}`);
  state.scripts = wrong ? [] : [...wanted];
  state.log = [];
  sendJson(res, wrong ? 400 : 200, wrong ? { error: wrong } : { scripts: state.scripts.length });
}

async function sendTranscription({ req, res, bytes }) {
  const { text, plain } = await transcribe(req, bytes);
  if (plain) res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
  else sendJson(res, 200, { text });
}
