import { bedrockEvent } from '../../../libs/providers/src/testing/aws-event-stream.js';
import { chunk, DONE } from '../../../libs/providers/src/testing/chat-stream.js';
import { callEvents, messageEnd, sse, textEvents } from '../../../libs/providers/src/testing/cohere-events.js';
import {
  block,
  type MessageEvent,
  started,
  stopped,
  textBlock,
} from '../../../libs/providers/src/testing/message-events.js';
import { added, completed, done, event } from '../../../libs/providers/src/testing/response-events.js';

/** A call of a tool; its id is the server's business. */
export interface Called {
  readonly name: string;
  readonly arguments: object;
}

/** What a server says to a request; `number` is another one for each request. */
export interface Said {
  readonly text: string;
  readonly calls: readonly Called[];
  readonly number: number;
}

/** An answer as bytes of one wire. A server that hangs sends no `end`. */
export interface Bytes {
  readonly contentType: string;
  readonly begin: readonly (string | Buffer)[];
  readonly end: readonly (string | Buffer)[];
}

export type Speak = (said: Said) => Bytes;

const EVENTS = 'text/event-stream';

/** Calls as models write them that have no tools of their own. */
const inText = ({ text, calls }: Said): string =>
  [
    text,
    ...calls.map(
      ({ name, arguments: args }) => `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`,
    ),
  ].join('\n');

const thoughtOf = (said: Said): string | undefined => (said.calls.length > 0 ? `thought ${said.number}` : undefined);

/** Chat completions; the ids of calls look as `idOf` makes them. `thinks`: with thoughts that this server wants back. */
export const chat =
  (idOf: (number: number, index: number) => string, thinks = false): Speak =>
  (said) => {
    const calls = said.calls.map(({ name, arguments: args }, index) => {
      const called = { name, arguments: JSON.stringify(args) };
      return chunk({
        tool_calls: [{ index, id: idOf(said.number, index), type: 'function', function: called }],
      });
    });
    const thought = thinks ? thoughtOf(said) : undefined;
    return {
      contentType: EVENTS,
      begin: [
        ...(thought === undefined ? [] : [chunk({ role: 'assistant', reasoning_content: thought })]),
        ...(said.text === '' ? [] : [chunk({ role: 'assistant', content: said.text })]),
        ...calls,
      ],
      end: [chunk({}, calls.length > 0 ? 'tool_calls' : 'stop'), DONE],
    };
  };

export const chatInText: Speak = (said) => chat(String)({ ...said, text: inText(said), calls: [] });

export const responses: Speak = ({ text, calls, number }) => {
  const encrypted_content = `sealed-${number}`;
  const thought = { type: 'reasoning', id: `rs_${number}`, summary: [], encrypted_content };
  const message = { type: 'message', id: `msg_${number}`, role: 'assistant' };
  const said = { ...message, content: [{ type: 'output_text', text, annotations: [] }] };
  const asked = calls.map(({ name, arguments: args }, index) => ({
    type: 'function_call',
    id: `fc_${number}_${index}`,
    call_id: `call_${'r'.repeat(50)}_${number}_${index}`,
    name,
    arguments: JSON.stringify(args),
  }));
  return {
    contentType: EVENTS,
    begin: [
      sse([
        { type: 'response.created', response: { id: `resp_${number}` } },
        added(0, { ...thought, encrypted_content: '' }),
        done(0, thought),
        ...(text === ''
          ? []
          : [
              added(1, { ...message, content: [] }),
              event('output_text.delta', { output_index: 1, delta: text }),
              done(1, said),
            ]),
        ...asked.flatMap((item, index) => [
          added(index + 2, { ...item, arguments: '' }),
          event('function_call_arguments.done', { output_index: index + 2, arguments: item.arguments }),
          done(index + 2, item),
        ]),
      ]),
    ],
    end: [sse([completed({ status: 'completed', usage: { input_tokens: 1, output_tokens: 1 } })])],
  };
};

function messageEvents({ text, calls, number }: Said): { begin: MessageEvent[]; end: MessageEvent[] } {
  const uses = calls.flatMap(({ name, arguments: args }, index) =>
    block(
      index + 1,
      { type: 'tool_use', id: `toolu_01_${number}_${index}`, name, input: {} },
      { type: 'input_json_delta', partial_json: JSON.stringify(args) },
    ),
  );
  return {
    begin: [started(), ...(text === '' ? [] : textBlock(0, text)), ...uses],
    end: stopped(calls.length > 0 ? 'tool_use' : 'end_turn', { output_tokens: 1 }),
  };
}

export const anthropic: Speak = (said) => {
  const { begin, end } = messageEvents(said);
  return { contentType: EVENTS, begin: [sse(begin)], end: [sse(end)] };
};

export const bedrock: Speak = (said) => {
  const { begin, end } = messageEvents(said);
  return {
    contentType: 'application/vnd.amazon.eventstream',
    begin: begin.map(bedrockEvent),
    end: end.map(bedrockEvent),
  };
};

export const cohere: Speak = ({ text, calls, number }) => ({
  contentType: EVENTS,
  begin: [
    sse([
      { id: 'same', type: 'message-start', delta: { message: { role: 'assistant', content: [] } } },
      ...(text === '' ? [] : textEvents(0, [text])),
      ...calls.flatMap(({ name, arguments: args }, index) =>
        callEvents(index, [JSON.stringify(args)], {
          id: `${name}:${number}.${index}`,
          function: { name, arguments: '' },
        }),
      ),
    ]),
  ],
  end: [sse([messageEnd(calls.length > 0 ? 'TOOL_CALL' : 'COMPLETE')])],
});

const line = (message: object, more: object): string =>
  `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: '', ...message }, ...more })}\n`;

/** One JSON object a line, and calls without ids. */
export const ollama: Speak = ({ text, calls }) => {
  const asked = calls.map((called) => ({ function: called }));
  return {
    contentType: 'application/x-ndjson',
    begin: [line({ content: text, ...(asked.length > 0 && { tool_calls: asked }) }, { done: false })],
    end: [line({}, { done: true, done_reason: 'stop', prompt_eval_count: 1, eval_count: 1 })],
  };
};

const token = (text: string, special: boolean, more: object): string =>
  `data: ${JSON.stringify({ index: 0, token: { id: 1, text, logprob: 0, special }, ...more })}\n\n`;

export const textGeneration: Speak = (said) => {
  const text = inText(said);
  const details = { finish_reason: 'eos_token', input_length: 1, generated_tokens: 1 };
  return {
    contentType: EVENTS,
    begin: [token(text, false, { generated_text: null, details: null })],
    end: [token('', true, { generated_text: text, details })],
  };
};

/** The classic API, which answers with everything at once. */
export const classic: Speak = (said) => ({
  contentType: 'application/json',
  begin: [],
  end: [JSON.stringify([{ generated_text: inText(said) }])],
});

const next = (answer: object) => `event: next\ndata: ${JSON.stringify({ data: { answer } })}\n\n`;

/** A subscription by the protocol graphql-sse. */
export const graphql: Speak = (said) => {
  return {
    contentType: EVENTS,
    begin: [next({ delta: inText(said) })],
    end: [next({ delta: '', finishReason: 'STOP' }), 'event: complete\ndata:\n\n'],
  };
};

/** Each piece is a message of a WebSocket. */
export const webSocket: Speak = (said) => ({
  contentType: 'application/json',
  begin: [JSON.stringify({ type: 'token', text: inText(said) })],
  end: [JSON.stringify({ type: 'done' })],
});

/** Lines for the module beside the test, which has calls of its own. */
export const ownModule: Speak = ({ text, calls, number }) => ({
  contentType: 'application/x-ndjson',
  begin: [
    ...(text === '' ? [] : [`${JSON.stringify({ text })}\n`]),
    ...calls.map(
      ({ name, arguments: args }, index) =>
        `${JSON.stringify({ call: { id: `${number}/${index}`, name, arguments: JSON.stringify(args) } })}\n`,
    ),
  ],
  end: [`${JSON.stringify({ end: calls.length > 0 ? 'tool_calls' : 'stop' })}\n`],
});

/** The declared API of the configuration beside the test. */
export const declared: Speak = (said) => ({
  contentType: 'application/x-ndjson',
  begin: [`${JSON.stringify({ kind: 'text', text: inText(said) })}\n`],
  end: [`${JSON.stringify({ kind: 'end', reason: 'COMPLETE' })}\n`],
});
