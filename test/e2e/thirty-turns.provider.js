import { defineProvider, PartWriter, ProviderError, z } from 'chatkit-relay/providers';

/** Hands the prompt on as it is, and reads one object a line. */
export default defineProvider({
  name: 'Own',
  defaultModel: 'own-1',
  capabilities: ['chat', 'generate', 'stream', 'tools'],
  settings: z.object({ url: z.url() }),
  async *stream({ prompt }, { ref, settings, signal }) {
    const response = await fetch(settings.url, { method: 'POST', body: JSON.stringify({ prompt }), signal });
    if (!response.ok) throw new ProviderError('bad_request', { ref, detail: await response.text() });
    const writer = new PartWriter();
    let rest = '';
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const { text = '', call, end } of lines.map((line) => JSON.parse(line))) {
        writer.text(text);
        if (call) {
          const id = writer.toolCall(call.id, call.name);
          writer.delta(id, call.arguments);
        }
        if (end) writer.finish({ unified: end, raw: null });
      }
      yield* writer.take();
    }
  },
});
