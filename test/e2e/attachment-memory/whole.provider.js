import { defineProvider, PartWriter, z } from 'chatkit-relay/providers';

const textOf = ({ content }) => content.map((part) => part.text ?? '').join('');

/** Sends the prompt with all files in it, and in a header what was asked; says what comes back. */
export default defineProvider({
  name: 'Whole',
  defaultModel: 'whole-1',
  settings: z.object({ url: z.url() }),
  async *stream({ prompt }, { settings, signal }) {
    const headers = { 'x-asked': textOf(prompt.at(-1)) };
    const body = JSON.stringify(prompt);
    const response = await fetch(`${settings.url}/whole`, { method: 'POST', headers, body, signal });
    const writer = new PartWriter();
    writer.text(await response.text());
    writer.finish({ unified: 'stop', raw: null });
    yield* writer.take();
  },
});
