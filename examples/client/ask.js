// Sends one question and prints the answer while it is generated; Ctrl-C stops it.
//   node examples/client/ask.js http://127.0.0.1:8000/chatkit "Hello!"
// In a project of your own: install the package (docs/client.md), and import '@chatkit-relay/client'.
import { createChatKitFetch } from '../../dist/client/dist/index.js';

const [url, text] = process.argv.slice(2);
const chatFetch = createChatKitFetch({ url });

const abort = new AbortController();
process.once('SIGINT', () => abort.abort());

const input = { content: [{ type: 'input_text', text }], attachments: [], inference_options: {} };
const response = await chatFetch(url, {
  method: 'POST',
  body: JSON.stringify({ type: 'threads.create', params: { input } }),
  signal: abort.signal,
});
if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);

let rest = '';
try {
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + piece).split('\n\n');
    rest = frames.pop();
    for (const frame of frames) {
      const { update } = JSON.parse(frame.slice('data: '.length));
      if (update?.type === 'assistant_message.content_part.text_delta') process.stdout.write(update.delta);
    }
  }
  process.stdout.write('\n');
} catch (error) {
  if (error.name !== 'AbortError') throw error;
  process.stdout.write(' … stopped\n');
}
