import { createProviders, type ProviderConfigInput } from './config.js';
import { messageEnd, sse, textEvents } from './testing/cohere-events.js';
import { started, stopped, textBlock } from './testing/message-events.js';
import { added, completed, done, event } from './testing/response-events.js';
import { streamsOverHttp } from './testing/transport-faults.js';

// The contract, and servers that hang, drip or fall silent, on the wires whose own tests hold only what is their own.
const wires: readonly { name: string; config: ProviderConfigInput; frames: readonly string[] }[] = [
  {
    name: 'chat completions',
    config: { kind: 'openai', wire: 'chat' },
    frames: [chat('Hello '), chat('wörld'), 'data: [DONE]\n\n'],
  },
  {
    name: 'responses',
    config: { kind: 'openai', wire: 'responses' },
    frames: [
      sse([added(0, { type: 'message', id: 'm', content: [] }), event('output_text.delta', { delta: 'Hello ' })]),
      sse([
        event('output_text.delta', { delta: 'wörld' }),
        done(0, { type: 'message', id: 'm', content: [{ type: 'output_text', text: 'Hello wörld' }] }),
      ]),
      sse([completed({ status: 'completed' })]),
    ],
  },
  {
    name: 'anthropic',
    config: { kind: 'anthropic' },
    frames: cut([started(), ...textBlock(0, 'Hello ', 'wörld'), ...stopped()], 3, 5),
  },
  {
    name: 'cohere',
    config: { kind: 'cohere' },
    frames: cut([...textEvents(0, ['Hello ', 'wörld']), messageEnd()], 2, 4),
  },
];

function chat(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

/** Events in three pieces: up to the first text, up to the last, the end. */
function cut(events: readonly Readonly<Record<string, unknown>>[], first: number, last: number): string[] {
  return [sse(events.slice(0, first)), sse(events.slice(first, last)), sse(events.slice(last))];
}

for (const { name, config, frames } of wires) {
  streamsOverHttp(name, {
    contentType: 'text/event-stream',
    frames,
    modelAt: (baseUrl) => createProviders([{ ...config, baseUrl } as ProviderConfigInput])[0]!.model('m'),
  });
}
