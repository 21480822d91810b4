import {
  type ChatDemands,
  checkAnthropic,
  checkChat,
  checkOllama,
  checkResponses,
} from '../../../libs/providers/src/testing/conversation-demands.js';
import { type Body, demand, objects } from '../replay-server/bad-request.js';

/** @throws Error with the words of a server that refuses the conversation */
export type Check = (body: Body) => void;

export const STRICT: ChatDemands = {
  strict: true,
  userAfterTool: false,
  system: 'first',
  callId: /^[\w-]{1,40}$/,
};
export const LENIENT: ChatDemands = { ...STRICT, strict: false, userAfterTool: true, system: 'anywhere' };
export const MISTRAL: ChatDemands = { ...STRICT, callId: /^[a-zA-Z0-9]{9}$/ };
export const GEMMA: ChatDemands = { ...STRICT, system: 'none' };
const ANY_ID: ChatDemands = { ...STRICT, callId: /^[^]{1,128}$/ };
export const GEMINI: ChatDemands = { ...ANY_ID, userAfterTool: true };

/** Chat completions of a server that takes nothing of anybody's thoughts. */
export const chatOf =
  (demands: ChatDemands): Check =>
  ({ messages }) => {
    checkChat(objects(messages), demands);
    for (const message of objects(messages)) {
      for (const field of ['reasoning_content', 'reasoning_details', 'reasoning', 'thinking'])
        demand(message[field] === undefined, `${field}: Extra inputs are not permitted`);
    }
  };

/** Its own server wants a thought beside every call, and knows its own thoughts only. */
export const deepseek: Check = ({ messages }) => {
  checkChat(objects(messages), STRICT);
  for (const { tool_calls: calls, reasoning_content: thought } of objects(messages)) {
    const isThere = calls === undefined || typeof thought === 'string';
    demand(isThere, 'The `reasoning_content` in the thinking mode must be passed back to the API.');
    demand(thought === undefined || /^(thought \d+)?$/.test(String(thought)), `whose thought is ${String(thought)}?`);
  }
};

export const responses: Check = (body) => {
  checkResponses(body);
  for (const { type, encrypted_content: sealed } of objects(body['input'])) {
    if (type === 'reasoning')
      demand(/^sealed-\d+$/.test(String(sealed)), 'The encrypted content could not be verified.');
  }
};

export const anthropicOf =
  (prefill: boolean): Check =>
  (body) =>
    checkAnthropic(body, prefill);

export const cohere: Check = ({ messages }) => checkChat(objects(messages), ANY_ID);

export const ollama: Check = ({ messages }) => checkOllama(objects(messages));

/** The chat template in the configuration refuses what Gemma's does; here the text must only be there. */
export const textGeneration: Check = ({ inputs }) => demand(String(inputs).trim(), '`inputs` cannot be empty');

/** Messages in words of an API's own, without calls. */
const plain = (messages: unknown, words: Readonly<Record<string, string>>, text: string): void => {
  const known = objects(messages).map((message) => {
    const role = words[String(message['role'])];
    demand(role, `unknown role ${String(message['role'])}`);
    return { role, content: message[text] };
  });
  checkChat(known, STRICT);
};

export const graphql: Check = ({ query, variables }) => {
  demand(String(query).startsWith('subscription'), 'no subscription');
  const { messages } = (variables ?? {}) as Body;
  plain(messages, { SYSTEM: 'system', USER: 'user', ASSISTANT: 'assistant' }, 'content');
};

export const webSocket: Check = ({ messages }) =>
  plain(messages, { system: 'system', human: 'user', bot: 'assistant' }, 'says');

/** The prompt as the module beside the test gets it. */
export const ownModule: Check = ({ prompt }) => checkChat(objects(prompt).flatMap(asChat), ANY_ID);

function asChat({ role, content }: Body): Body[] {
  if (typeof content === 'string') return [{ role, content }];
  const parts = objects(content);
  if (role === 'tool') return parts.map(({ callId, output }) => ({ role, tool_call_id: callId, content: output }));
  const calls = parts.filter(({ type }) => type === 'tool-call');
  const said = parts.filter(({ type }) => type !== 'tool-call' && type !== 'reasoning');
  return [
    {
      role,
      content: said.length > 0 ? said : null,
      tool_calls: calls.map(({ callId, name, arguments: args }) => ({
        id: callId,
        function: { name, arguments: args },
      })),
    },
  ];
}

/** A question, and the turns before it: each with a question and an answer. */
export const declared: Check = ({ message, chat_history: history }) => {
  demand(String(message ?? '').trim(), 'message must not be empty');
  for (const [index, { role, message: said }] of objects(history).entries()) {
    demand(role === (index % 2 === 0 ? 'USER' : 'CHATBOT'), 'chat_history must alternate, and begin with USER');
    demand(String(said ?? '').trim(), 'messages of chat_history must not be empty');
  }
  demand(objects(history).length % 2 === 0, 'chat_history must end with CHATBOT');
};
