// Plays one scenario after another against a server. The format of a scenario: ../README.md.
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './calls.mjs';
import { checkExpect, checkLists, checkProvider, eventually } from './expectations.mjs';
import { get, isObject, matchEvent, Mismatch, substitute } from './matching.mjs';

const STAGGER_MS = 30;
const PROCEED_WITHIN_MS = 8_000;
const STATE_PAUSE_MS = 150;

const ITEM_NAMES = {
  user_message: 'last_user_item_id',
  assistant_message: 'last_assistant_item_id',
  client_tool_call: 'last_tool_item_id',
  structured_input: 'last_structured_item_id',
  widget: 'last_widget_item_id',
  workflow: 'last_workflow_item_id',
  generated_image: 'last_image_item_id',
};

/**
 * @param options.endpoint URL of the protocol, such as http://127.0.0.1:8000/chatkit
 * @param options.provider control URL of the fake provider
 * @param options.userHeader header that carries the user
 * @param options.lenient accept a stream that is broken off where an HTTP error is required
 * @param options.namesOf scenario → the names that it may use (`run`, `user_a`, `user_b`); random by default
 * @param options.onAnswer called with `{ scenario, step, request, answer }` after each call; `step` names it within the
 *   scenario, and repeats when a state is asked for again
 * @returns `play(scenario)`: rejects with a Mismatch when an answer is not what the scenario says
 */
export function createPlayer({
  endpoint,
  provider,
  userHeader = 'x-test-user',
  lenient = false,
  namesOf = randomNames,
  onAnswer,
}) {
  const script = (scripts) => ask(provider, { method: 'POST', body: JSON.stringify({ scripts }) });
  const calls = async () => (await ask(`${provider}/calls`)).calls;

  async function play(scenario) {
    const env = { ...namesOf(scenario) };
    const run = { scenario: scenario.id, env, background: new Map() };
    await script([]);
    for (const [i, step] of scenario.steps.entries()) {
      try {
        await playStep(withUser(step, env.user_a, env), `${i + 1}`, run);
      } catch (error) {
        error.message = `step ${i + 1}: ${error.message}`;
        throw error;
      }
    }
  }

  async function playStep(step, name, run) {
    if (step.sleep_ms) return void (await sleep(step.sleep_ms));
    if (step.provider !== undefined) await script(substitute(step.provider, run.env));
    if (step.repeat) return playRepeated(step.repeat, name, run);
    if (step.background) return start(step, name, run);
    if (step.parallel) await playParallel(step, name, run);
    else if (step.await) await finish(step, run);
    else await playCall(step, name, run);
    await checkProvider(step.provider_saw, run.env, calls);
    await playStates(step, name, run);
  }

  async function make(step, name, { scenario, env }, onEvent) {
    const hangUpAfter = step.client?.disconnect_after;
    let seen = 0;
    const hook = (event) => {
      onEvent?.(event);
      if (!hangUpAfter || matchEvent(event, hangUpAfter.match, env, {})) return false;
      seen += 1;
      return seen >= (hangUpAfter.count ?? 1);
    };
    const request = step.request && substitute(step.request, env);
    const answer = await call(step, env, { endpoint, userHeader, onEvent: hook });
    onAnswer?.({ scenario, step: name, request: request ?? step.raw_body ?? step.upload?.url ?? '', answer });
    return answer;
  }

  async function playCall(step, name, run) {
    const answer = await make(step, name, run);
    remember(answer, run.env);
    capture(step, answer, run.env);
    checkExpect(answer, step.expect, run.env, { step, lenient });
    checkLists(answer, step);
  }

  async function playRepeated({ times, steps }, name, run) {
    for (let i = 0; i < times; i += 1) {
      run.env.i = i;
      for (const [k, step] of steps.entries()) await playStep(step, `${name}.${i + 1}.${k + 1}`, run);
    }
  }

  async function playParallel({ parallel, stagger_ms = STAGGER_MS }, name, run) {
    const answers = await Promise.all(
      parallel.map(async (step, k) => {
        await sleep(k * stagger_ms);
        return make(step, `${name}.${k + 1}`, run);
      }),
    );
    for (const [k, answer] of answers.entries()) {
      // What one of them binds is not for the others.
      checkExpect(answer, parallel[k].expect, Object.create(run.env), { step: parallel[k], lenient });
      capture(parallel[k], answer, run.env);
    }
  }

  /** Goes on as soon as the awaited event has come, or the whole answer. */
  async function start(step, name, run) {
    const { match, count = 1 } = step.proceed_after ?? { match: { type: 'stream_options' } };
    let seen = 0;
    await new Promise((proceed) => {
      const timer = setTimeout(proceed, PROCEED_WITHIN_MS);
      const answered = make(step, name, run, (event) => {
        if (event.type === 'thread.created') run.env.thread_id = event.thread.id;
        if (!matchEvent(event, match, run.env, {})) seen += 1;
        if (seen >= count) proceed();
      });
      run.background.set(step.background, { step, answered });
      const end = () => {
        clearTimeout(timer);
        proceed();
      };
      answered.then(end, end);
    });
  }

  async function finish(step, run) {
    const { step: started, answered } = run.background.get(step.await);
    const answer = await answered;
    remember(answer, run.env);
    checkExpect(answer, step.expect, run.env, { step: started, lenient });
  }

  async function playStates(step, name, run) {
    for (const [k, state] of (step.state ?? []).entries()) {
      try {
        await eventually(state.within_ms ?? 0, STATE_PAUSE_MS, async () => {
          const answer = await make(state, `${name}.state.${k + 1}`, run);
          checkExpect(answer, state.expect, run.env, { step: state, lenient });
          remember(answer, run.env);
        });
      } catch (error) {
        error.message = `state ${JSON.stringify(state.request).slice(0, 100)}: ${error.message}`;
        throw error;
      }
    }
  }

  return play;
}

const random = () => Math.random().toString(36).slice(2, 8);
const randomNames = () => ({ run: random(), user_a: `ua${random()}`, user_b: `ub${random()}` });

async function ask(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`the fake provider refused: ${await response.text()}`);
  return response.json();
}

/** Steps inherit the user of the step around them. */
function withUser(step, user, env) {
  const as = step.as ? substitute(step.as, env) : user;
  const inner = (list) => list?.map((one) => withUser(one, as, env));
  const repeat = step.repeat && { ...step.repeat, steps: inner(step.repeat.steps) };
  return { ...step, as, state: inner(step.state), parallel: inner(step.parallel), repeat };
}

function capture(step, answer, env) {
  for (const [name, path] of Object.entries(step.capture ?? {})) {
    const value = get(answer, path);
    if (value === undefined) throw new Mismatch(`capture ${name}: nothing at ${path}`);
    env[name] = value;
  }
}

/** The automatic placeholders. */
function remember({ events, json }, env) {
  for (const event of events) {
    if (event.type === 'thread.created') env.thread_id = event.thread.id;
    if (event.type === 'thread.item.done') rememberItem(event.item, env);
  }
  if (!isObject(json)) return;
  if (typeof json.after === 'string') env.last_after = json.after;
  if (json.items?.after) env.last_after = json.items.after;
  if (typeof json.id === 'string' && json.mime_type) {
    Object.assign(env, { last_attachment_id: json.id, last_attachment: json });
    if (json.upload_descriptor) env.last_upload_url = json.upload_descriptor.url;
  }
}

function rememberItem(item, env) {
  env.last_item_id = item.id;
  if (ITEM_NAMES[item.type]) env[ITEM_NAMES[item.type]] = item.id;
}
