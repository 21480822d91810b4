import type { Format } from '../recordings/expected.js';
import type { Recording } from '../recordings/recording.js';
import { type Body, isObject } from './bad-request.js';
import type { Exchange } from './journal.js';
import { Knobs } from './knobs.js';
import type { Route } from './routes.js';

/** What a request asks for. */
export interface Selection {
  /** The recording and its knobs as they were asked for; undefined for any other model. */
  readonly asked: string | undefined;
  readonly id: string | undefined;
  readonly knobs: Knobs;
  readonly streamed: boolean;
}

/** By header `x-fixture`, by the model in the body, or by the model in the path. */
export function selectionOf({ request, body, url }: Exchange, { path, format }: Route): Selection {
  const fields = isObject(body) ? body : {};
  const header = request.headers['x-fixture'];
  const inPath = /^\/models\/(fixture:.+?)(\/v1\/chat\/completions)?$/.exec(path)?.[1];
  const model = fields['model'];
  const named = typeof model === 'string' && model.startsWith('fixture:') ? model : inPath && inPath + url.search;
  const asked = (typeof header === 'string' ? header : named)?.replace(/^fixture:/, '');
  const [id, query = ''] = asked?.split(/\?(.*)/s) ?? [];
  return { asked, id, knobs: new Knobs(new URLSearchParams(query)), streamed: asksForStream(format, path, fields) };
}

function asksForStream(format: Format | undefined, path: string, body: Body): boolean {
  if (format === 'ollama-chat') return body['stream'] !== false;
  return body['stream'] === true || (format === 'hf-tgi' && path.endsWith('/generate_stream'));
}

/** The recording that answers for any other model: the first of the wire that is a plain answer. */
export function defaultRecording(
  wire: string,
  streamed: boolean,
  recordings: readonly Recording[],
): string | undefined {
  const plain = recordings.find(
    ({ wire: its, encoding, expected }) =>
      its === wire &&
      streamed === (encoding !== 'json') &&
      expected.status < 400 &&
      expected.text !== '' &&
      expected.tool_calls.length === 0 &&
      expected.finish === 'stop',
  );
  return plain?.id;
}
