import { type Heard, sse, startWire, USAGE, type Wire, type WireServer } from './wire.js';

const MESSAGE = /<\|im_start\|>(system|user|assistant)\n([^]*?)<\|im_end\|>\n/g;

/** The streaming API of text-generation-inference, which knows no messages: they come as one text, in ChatML. */
const wire: Wire = {
  path: '/generate_stream',
  list: { model_id: 'org/model' },
  heard: ({ inputs }) =>
    [...String(inputs).matchAll(MESSAGE)].map(([, role, text = '']) => ({ role: role as Heard['role'], text })),
  answer(response, pieces) {
    const details = { finish_reason: 'eos_token', input_length: USAGE.input, generated_tokens: USAGE.output };
    const events = pieces.map((text, index) => {
      const isLast = index === pieces.length - 1;
      return {
        index,
        token: { id: index, text, logprob: 0, special: false },
        generated_text: isLast ? pieces.join('') : null,
        details: isLast ? details : null,
      };
    });
    sse(response, events);
  },
};

export const startHuggingFace = (): Promise<WireServer> => startWire(wire);
