// What holds for every answer, whatever the scenario: INV-1 to INV-10 (docs/protocol/invariants.md).
import { isObject, Mismatch } from './matching.mjs';

const HIDDEN = new Set(['hidden_context_item', 'sdk_hidden_context']);
/** Values under these keys are the integration's own: nulls and any shape are data there [SER-2]. */
const FREE_FORM = new Set(['arguments', 'output', 'data', 'payload', 'metadata']);

/** Entries that the protocol describes. A page's `data` is one: only an object under this key is free. */
const modelled = (value) =>
  Object.entries(value).filter(([key, one]) => !FREE_FORM.has(key) || (key === 'data' && Array.isArray(one)));

const isPreamble = (event) =>
  ['thread.created', 'error'].includes(event.type) ||
  (event.type === 'thread.item.done' && event.item.type === 'user_message');

/** Paths of nulls in modelled fields. */
function nullPaths(value, path) {
  if (value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((one, i) => nullPaths(one, `${path}[${i}]`));
  if (!isObject(value)) return [];
  return modelled(value).flatMap(([key, one]) => nullPaths(one, path ? `${path}.${key}` : key));
}

function checkPrivacy(value) {
  if (Array.isArray(value)) return value.forEach(checkPrivacy);
  if (!isObject(value)) return undefined;
  if (HIDDEN.has(value.type)) throw new Mismatch('INV-6 a hidden item reached the client');
  const attachments = Array.isArray(value.attachments) ? value.attachments : [];
  if (attachments.some((one) => isObject(one) && 'metadata' in one))
    throw new Mismatch('INV-9 attachment metadata reached the client');
  return modelled(value).forEach(([, one]) => checkPrivacy(one));
}

/** An event or a JSON body. @throws Mismatch */
export function checkPayload(payload) {
  const [path] = nullPaths(payload, '');
  if (path !== undefined) throw new Mismatch(`INV-2 null in a modelled field: ${path}`);
  checkPrivacy(payload);
}

/** An event stream as a whole. @throws Mismatch */
export function checkStream(answer, { loose = false } = {}) {
  if (!answer.contentType.startsWith('text/event-stream'))
    throw new Mismatch(`INV-1 content-type ${answer.contentType}`);
  if (answer.badFrames.length > 0)
    throw new Mismatch(`INV-1 bad frame: ${JSON.stringify(answer.badFrames[0]).slice(0, 120)}`);
  if (!answer.disconnected && !answer.clean) throw new Mismatch('INV-10 the stream did not end cleanly');
  answer.events.forEach(checkPayload);
  checkStreamOptions(answer.events, loose);
  checkItems(answer, loose);
}

/** At most one stream_options, before anything generated. */
function checkStreamOptions(events, loose) {
  const positions = events.flatMap((event, i) => (event.type === 'stream_options' ? [i] : []));
  if (positions.length > 1) throw new Mismatch('INV-3 more than one stream_options');
  const generated = events.findIndex((event) => event.type !== 'stream_options' && !isPreamble(event));
  if (generated < 0) return;
  if (positions[0] > generated) throw new Mismatch('INV-3 stream_options after generated output');
  if (positions.length === 0 && !loose) throw new Mismatch(`INV-3 ${events[generated].type} without stream_options`);
}

function checkItems({ events, threadId }, loose) {
  const open = new Set();
  const done = new Set();
  const texts = new Map();
  for (const event of events) {
    if (event.item?.thread_id && threadId && event.item.thread_id !== threadId)
      throw new Mismatch('INV-7 an event of another thread');
    if (event.type === 'thread.item.added') open.add(event.item.id);
    if (event.type === 'thread.item.updated' && event.update.type.startsWith('assistant_message.')) {
      if (!open.has(event.item_id)) throw new Mismatch('INV-4 an update for an item that was not added');
      if (done.has(event.item_id)) throw new Mismatch('INV-4 an update after done');
      followText(texts, event);
    }
    if (event.type === 'thread.item.done') {
      if (done.has(event.item.id) && !loose) throw new Mismatch(`INV-8 item ${event.item.id} is done twice`);
      done.add(event.item.id);
      checkFinalText(texts, event.item);
    }
  }
}

function followText(texts, { item_id, update }) {
  const part = `${item_id}/${update.content_index}`;
  if (update.type.endsWith('content_part.added')) texts.set(part, update.content.text);
  if (update.type.endsWith('text_delta')) texts.set(part, (texts.get(part) ?? '') + update.delta);
  if (update.type.endsWith('content_part.done') && (texts.get(part) ?? '') !== update.content.text)
    throw new Mismatch(`INV-5 deltas ${JSON.stringify(texts.get(part))} != ${JSON.stringify(update.content.text)}`);
}

function checkFinalText(texts, item) {
  if (item.type !== 'assistant_message') return;
  item.content.forEach(({ text }, i) => {
    const streamed = texts.get(`${item.id}/${i}`);
    if (streamed !== undefined && streamed !== text)
      throw new Mismatch('INV-5 the text of item.done is not the deltas');
  });
}
