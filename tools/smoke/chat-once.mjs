import assert from 'node:assert/strict';

const ANSWER_MS = 60_000;

/**
 * Sends one message through the whole pipeline and reads the stream to its end; the answer must be finished.
 * @param {string} url
 */
export async function chatOnce(url) {
  const response = await fetch(`${url}/chatkit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(newThread('Hello from a fresh machine')),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const answers = eventsIn(text).filter(
    ({ type, item }) => type === 'thread.item.done' && item?.type === 'assistant_message',
  );
  assert.ok(answers.length > 0, `No assistant message was finished:\n${text}`);
  const said = answers.flatMap(({ item }) => (item?.content ?? []).map(({ text: piece }) => piece)).join('');
  assert.ok(said.trim().length > 0, `The answer is empty:\n${text}`);
}

/** @param {string} text */
const newThread = (text) => ({
  type: 'threads.create',
  metadata: {},
  params: {
    input: { content: [{ type: 'input_text', text }], attachments: [], quoted_text: null, inference_options: {} },
  },
});

/**
 * @param {string} text
 * @returns {{ type: string, item?: { type: string, content: { text: string }[] } }[]}
 */
function eventsIn(text) {
  const data = text.split('\n').filter((line) => line.startsWith('data:'));
  return data.map((line) => JSON.parse(line.slice('data:'.length)));
}
