// What a step of a scenario says about its answer, and about what the model was sent.
import { setTimeout as sleep } from 'node:timers/promises';
import { checkPayload, checkStream } from './invariants.mjs';
import { deepEqual, get, matchEvent, matchEvents, matchWhere, Mismatch, substitute } from './matching.mjs';

const PROVIDER_WITHIN_MS = 3_000;
const isEventStream = ({ contentType }) => contentType.startsWith('text/event-stream');

function demand(holds, why) {
  if (!holds) throw new Mismatch(why);
}

function forbid(text, substrings) {
  for (const one of substrings ?? []) demand(!text.includes(one), `forbidden substring ${one}`);
}

/** By `expect.kind`. Each binds into `env` what its patterns bind. */
const KINDS = {
  sse(answer, wanted, env, { step }) {
    demand(!answer.failure, `the stream failed: ${answer.failure}`);
    demand(answer.status === 200, `status ${answer.status}: ${answer.text?.slice(0, 200)}`);
    checkStream(answer, { loose: step?.loose_invariants });
    if (wanted.events) Object.assign(env, matchEvents(answer.events, wanted.events, env));
    for (const pattern of wanted.absent ?? []) {
      const hit = answer.events.find((event) => !matchEvent(event, pattern, env, {}));
      demand(!hit, `forbidden event: ${JSON.stringify(hit)?.slice(0, 200)}`);
    }
    for (const [type, within] of Object.entries(wanted.first_event_within_ms ?? {})) {
      const at = answer.times[answer.events.findIndex((event) => event.type === type)];
      demand(at <= within, `${type} did not come within ${within} ms`);
    }
    forbid(JSON.stringify(answer.events), wanted.forbid_substrings);
  },
  json(answer, wanted, env, { step }) {
    demand(!answer.failure, `the request failed: ${answer.failure}`);
    demand((wanted.status ?? [200]).includes(answer.status), `status ${answer.status}: ${answer.text?.slice(0, 200)}`);
    // What an upload answers is the integration's own [AT-3].
    if (!step?.upload) {
      demand(answer.contentType.startsWith('application/json'), `content-type ${answer.contentType}`);
      checkPayload(answer.json);
    }
    if (wanted.json_exact !== undefined) {
      const exact = substitute(wanted.json_exact, env);
      demand(deepEqual(answer.json, exact), `json ${answer.text?.slice(0, 300)} != ${JSON.stringify(exact)}`);
    }
    const bound = {};
    const why = matchWhere(answer.json, wanted.json, env, bound);
    demand(!why, `json ${why} in ${answer.text?.slice(0, 400)}`);
    forbid(answer.text, wanted.forbid_substrings);
    Object.assign(env, bound);
  },
  http_error(answer, wanted) {
    const types = answer.events.map((event) => event.type);
    demand(!isEventStream(answer), `expected an HTTP error, got an event stream (${types})`);
    const statuses = wanted.status ?? [400, 404, 409, 422];
    demand(statuses.includes(answer.status), `status ${answer.status} not in ${statuses}`);
  },
  aborted_sse(answer, wanted, _, { lenient }) {
    demand(wanted.always || lenient, 'a broken-off stream is not accepted here');
    demand(isEventStream(answer), 'not an event stream');
    demand(!answer.clean || answer.failure, 'the stream ended cleanly');
  },
};

/**
 * @param how.step the step that was asked
 * @param how.lenient accept a stream that is broken off where an HTTP error is required
 * @throws Mismatch
 */
export function checkExpect(answer, wanted, env, how) {
  if (!wanted) return;
  if (wanted.any_of) {
    checkAny(answer, wanted.any_of, env, how);
    return;
  }
  const check = KINDS[wanted.kind];
  if (!check) throw new Mismatch(`unknown expect.kind ${wanted.kind}`);
  check(answer, wanted, env, how);
}

function checkAny(answer, alternatives, env, how) {
  const reasons = [];
  for (const alternative of alternatives) {
    try {
      checkExpect(answer, alternative, env, how);
      return;
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      reasons.push(error.message);
    }
  }
  throw new Mismatch(`no alternative matches: ${reasons.join(' || ')}`);
}

/** Paths of a JSON answer whose values are all different, or never go down. */
export function checkLists(answer, { unique = [], ascending = [] }) {
  for (const path of unique) {
    const values = get(answer.json, path);
    demand(new Set(values).size === values.length, `${path} is not unique`);
  }
  for (const path of ascending) {
    const times = get(answer.json, path).map((value) => Date.parse(value));
    demand(!times.some((time, i) => time < times[i - 1]), `${path} is not ascending`);
  }
}

/** Repeats a check until it holds or the time is up; the last mismatch is thrown. */
export async function eventually(withinMs, pauseMs, check) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof Mismatch) || Date.now() >= deadline) throw error;
      await sleep(pauseMs);
    }
  }
}

/** @param calls asks the provider for its log */
export async function checkProvider(expectations, env, calls) {
  for (const one of expectations ?? [])
    await eventually(PROVIDER_WITHIN_MS, 100, async () => checkCalls(await calls(), one, env));
}

function checkCalls(calls, wanted, env) {
  if (wanted.calls !== undefined) {
    demand(calls.length === wanted.calls, `the provider was called ${calls.length}x, expected ${wanted.calls}`);
    return;
  }
  const call = calls[wanted.call ?? 0];
  demand(call, `provider call #${wanted.call ?? 0} is missing`);
  // Inner quotes and newlines are un-escaped, so that assertions read the same on both wires.
  const input = JSON.stringify(call.input)
    .replace(/\\\\"|\\"/g, '"')
    .replace(/\\n/g, '\n');
  const shown = input.slice(0, 600);
  const mine = (list) => (list ?? []).map((text) => substitute(text, env));
  for (const text of mine(wanted.contains)) demand(input.includes(text), `model input lacks ${text}: ${shown}`);
  for (const text of wanted.matches ?? [])
    demand(new RegExp(text, 'su').test(input), `model input !~ ${text}: ${shown}`);
  for (const text of mine(wanted.not_contains)) demand(!input.includes(text), `model input must not contain ${text}`);
  let at = -1;
  for (const text of mine(wanted.in_order)) {
    at = input.indexOf(text, at + 1);
    demand(at >= 0, `model input: ${text} does not come after the one before: ${shown}`);
  }
  for (const [text, count] of Object.entries(wanted.count ?? {})) {
    const found = input.split(substitute(text, env)).length - 1;
    demand(found === count, `model input has ${found} x ${text}, expected ${count}`);
  }
  if (wanted.cancelled !== undefined)
    demand(Boolean(call.cancelled) === wanted.cancelled, `provider call: cancelled is ${Boolean(call.cancelled)}`);
}
