// One HTTP call of a scenario, read as ChatKit's answer: JSON, or a stream of events.
import { substitute } from './matching.mjs';

const CALL_TIMEOUT_MS = 20_000;

function uploadOf(step, env) {
  const { url, method = 'POST', multipart = true, bytes_base64, ...file } = substitute(step.upload, env);
  const bytes = Buffer.from(bytes_base64, 'base64');
  const type = file.content_type ?? 'application/octet-stream';
  if (!multipart) return { url, method, headers: { 'content-type': type }, body: bytes };
  const body = new FormData();
  body.append('file', new Blob([bytes], { type }), file.filename ?? 'f');
  return { url, method, headers: {}, body };
}

function requestOf(step, env, { endpoint, userHeader }) {
  const user = { [userHeader]: step.as ?? 'u1' };
  if (step.upload) {
    const upload = uploadOf(step, env);
    return { ...upload, headers: { ...user, ...upload.headers } };
  }
  const method = step.method ?? 'POST';
  const body = step.raw_body ?? (step.request && JSON.stringify(substitute(step.request, env)));
  const headers = { 'content-type': 'application/json', ...user, ...step.headers };
  // A scenario takes a header away by giving it as null.
  const kept = Object.entries(headers).filter(([, value]) => value !== null);
  return { url: endpoint, method, headers: Object.fromEntries(kept), body: method === 'GET' ? undefined : body };
}

/**
 * Makes the call of a step. Never rejects: `failure` tells what went wrong with the connection.
 * @param options.endpoint URL of the protocol
 * @param options.userHeader name of the header that carries the user
 * @param options.onEvent called with each event as it comes; `true` hangs up
 */
export async function call(step, env, { onEvent, ...target }) {
  const { url, method, headers, body } = requestOf(step, env, target);
  const hangUp = new AbortController();
  const answer = {
    events: [],
    times: [],
    badFrames: [],
    clean: false,
    disconnected: false,
    contentType: '',
    status: 0,
  };
  const began = Date.now();
  const timer = setTimeout(() => hangUp.abort(new Error('step timeout')), step.timeout_ms ?? CALL_TIMEOUT_MS);
  const take = (frame) => {
    const event = parseFrame(frame);
    if (!event) {
      answer.badFrames.push(frame);
      return;
    }
    answer.events.push(event);
    answer.times.push(Date.now() - began);
    answer.threadId ??= event.thread?.id ?? event.item?.thread_id;
    if (onEvent?.(event)) answer.disconnected = true;
  };
  try {
    const response = await fetch(url, { method, headers, body, signal: hangUp.signal });
    answer.status = response.status;
    answer.contentType = response.headers.get('content-type') ?? '';
    if (answer.contentType.startsWith('text/event-stream')) {
      await readFrames(response.body, take, () => answer.disconnected, answer.badFrames);
      if (answer.disconnected) hangUp.abort();
    } else {
      answer.text = await response.text();
      answer.json = parseJson(answer.text);
    }
    answer.clean = !answer.disconnected;
  } catch (error) {
    if (!answer.disconnected) answer.failure = String(error?.cause ?? error);
  } finally {
    clearTimeout(timer);
  }
  return answer;
}

async function readFrames(body, take, isOver, badFrames) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let buffer = '';
  for await (const chunk of body) {
    buffer += decoder.decode(chunk, { stream: true });
    const frames = buffer.split('\n\n');
    buffer = frames.pop();
    for (const frame of frames) {
      take(frame);
      if (isOver()) return;
    }
  }
  if (buffer.trim()) badFrames.push(buffer);
}

/** `data: ` and one line of JSON, nothing else [TR-4]. */
function parseFrame(frame) {
  return frame.startsWith('data: ') && !frame.includes('\n') ? parseJson(frame.slice('data: '.length)) : undefined;
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
