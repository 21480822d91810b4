import type { Format } from '../recordings/expected.js';
import type { Recording } from '../recordings/recording.js';
import { BadRequest, type ErrorWords } from './bad-request.js';
import { checkRequest } from './check-request.js';
import { errorBody } from './error-body.js';
import type { Exchange } from './journal.js';
import { modelList } from './model-list.js';
import { play } from './play.js';
import { type Route, routeOf } from './routes.js';
import { defaultRecording, type Selection, selectionOf } from './selection.js';

/** What the server plays, and how often each recording has failed by its `status` knob. */
export interface Repertoire {
  readonly recordings: ReadonlyMap<string, Recording>;
  readonly wires: ReadonlySet<string>;
  readonly failed: Map<string, number>;
}

/** Answers one request as the server of its wire would. */
export async function handle(exchange: Exchange, repertoire: Repertoire): Promise<void> {
  const route = routeOf(exchange.url.pathname, repertoire.wires);
  const { format, path } = route;
  if (exchange.request.method === 'GET') return list(exchange, route, repertoire);
  if (path.endsWith('/api/show')) return send(exchange, 200, { capabilities: ['completion', 'tools', 'thinking'] });
  if (!format) return refuse(exchange, route, 404, `Invalid URL (POST ${exchange.url.pathname})`);
  const selection = selectionOf(exchange, route);
  const wire = wireOf(selection, route, repertoire);
  try {
    checkRequest(exchange, { wire, format, forced: selection.knobs.has('force') });
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    return refuse(exchange, { ...route, wire }, error.status, error.message, error.words);
  }
  return answer(exchange, { ...route, wire, format }, selection, repertoire);
}

type Known = Route & { readonly wire: string; readonly format: Format };

/** The wire of the recording, else that of the path, else the one that is called as the format. */
function wireOf({ id }: Selection, { wire, format }: Route, { wires }: Repertoire): string {
  const first = id?.split('/')[0];
  return first !== undefined && wires.has(first) ? first : (wire ?? format ?? 'openai-chat');
}

function list(exchange: Exchange, route: Route, { recordings }: Repertoire): void {
  const models = modelList(route, exchange, [...recordings.values()]);
  if (models === undefined) return refuse(exchange, route, 404, `Invalid URL (GET ${exchange.url.pathname})`);
  return send(exchange, 200, models);
}

async function answer(exchange: Exchange, route: Known, selection: Selection, repertoire: Repertoire): Promise<void> {
  const { knobs, streamed } = selection;
  const id = selection.id ?? defaultRecording(route.wire, streamed, [...repertoire.recordings.values()]);
  const recording = repertoire.recordings.get(id ?? '');
  if (!recording || recording.format !== route.format) return unknownModel(exchange, route);
  if (fails(selection, repertoire)) return fail(exchange, route, selection);
  const isStream = recording.encoding !== 'json';
  if (recording.http.status < 400 && streamed !== isStream && !knobs.has('force')) {
    const detail = `${recording.id} is ${isStream ? 'a stream' : 'whole'}, and the request asked for something else`;
    return refuse(exchange, route, 500, `replay: ${detail}`);
  }
  return play(exchange, recording, knobs);
}

function unknownModel(exchange: Exchange, route: Known): void {
  const isResponses = route.format === 'openai-responses';
  const message = 'The model does not exist or you do not have access to it.';
  return refuse(exchange, route, isResponses ? 400 : 404, message, isResponses ? { code: 'model_not_found' } : {});
}

function fails({ asked = '', knobs }: Selection, { failed }: Repertoire): boolean {
  if (!knobs.has('status')) return false;
  const times = (failed.get(asked) ?? 0) + 1;
  failed.set(asked, times);
  return times <= (knobs.number('times') ?? Infinity);
}

function fail(exchange: Exchange, { wire, format }: Known, { knobs }: Selection): void {
  const status = knobs.number('status') ?? 500;
  const [seconds, milliseconds] = [knobs.text('retry_after'), knobs.text('retry_after_ms')];
  const headers = {
    ...(seconds !== null && { 'retry-after': seconds }),
    ...(milliseconds !== null && { 'retry-after-ms': milliseconds }),
  };
  return send(exchange, status, errorBody(wire, format, status, 'The server said no.'), headers);
}

function refuse(exchange: Exchange, route: Route, status: number, message: string, words?: ErrorWords): void {
  const { wire = 'openai-chat', format = 'openai-chat' } = route;
  return send(exchange, status, errorBody(wire, format, status, message, words));
}

function send(
  { response, entry }: Exchange,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  entry.status = status;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
  response.end(bytes);
}
