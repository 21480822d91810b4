import { defineProvider, PartWriter, z } from 'chatkit-relay/providers';
import { linesOf } from './lines.js';

const textOf = ({ content }) =>
  typeof content === 'string' ? content : content.map((part) => part.text ?? part.output ?? '').join('\n');

export default defineProvider({
  name: 'Tiny',
  defaultModel: 'tiny-1',
  settings: z.object({ url: z.url() }),
  async *stream({ prompt }, { model, settings, signal }) {
    const messages = prompt.map((message) => ({ role: message.role, text: textOf(message) }));
    const body = JSON.stringify({ model, messages });
    const response = await fetch(`${settings.url}/chat`, { method: 'POST', body, signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    const writer = new PartWriter();
    for await (const line of linesOf(response.body)) {
      const { text = '', done } = JSON.parse(line);
      writer.text(text);
      if (done) writer.finish({ unified: 'stop', raw: null });
      yield* writer.take();
    }
  },
});
