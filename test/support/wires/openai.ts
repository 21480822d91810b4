import { startProvider } from '../provider.js';
import { type Heard, textOf, type WireServer } from './wire.js';

interface Message {
  readonly role: Heard['role'];
  readonly content: unknown;
}

/** The fake provider, for one of OpenAI's two APIs. */
export async function startOpenAI(wire: 'chat' | 'responses'): Promise<WireServer> {
  const provider = await startProvider();
  return {
    url: provider.url,
    say: (text) => provider.script([{ text, deltas: text.match(/\S+\s*/g) }]),
    heard: async () => {
      const [call] = await provider.calls();
      if (call?.wire !== wire) throw new Error(`asked by ${call?.wire}, not by ${wire}`);
      return (call.input as readonly Message[]).map(({ role, content }) => ({ role, text: textOf(content) }));
    },
    close: provider.close,
  };
}
