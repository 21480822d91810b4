import { describe, expect, it } from 'vitest';
import { messagesFormat } from '../adapters/anthropic/format.js';
import { cohereFormat } from '../adapters/cohere/format.js';
import { chatTemplate } from '../adapters/huggingface/request/chat-template.js';
import { renderTemplate, scopeOf } from '../adapters/declared/template.js';
import { defaultAnswer, parseScript } from '../adapters/demo/script.js';
import { ollamaFormat } from '../adapters/ollama/format.js';
import { dialect } from '../adapters/openai/chat/dialect.js';
import { chatFormat } from '../adapters/openai/chat/format.js';
import { responsesFormat } from '../adapters/openai/responses/format.js';
import { PRESETS } from '../adapters/presets/presets.js';
import type { ModelCall } from '../spec/language-model.js';
import type { Message } from '../spec/prompt.js';
import { UNSEEN_PICTURE } from '../spec/unseen-picture.js';
import {
  type ChatDemands,
  checkAnthropic,
  checkChat,
  checkOllama,
  checkResponses,
} from '../testing/conversation-demands.js';
import { fitConversation } from './fit-conversation.js';
import { conversationRules } from './profiles.js';

/** Numbers that are the same in each run. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomOf(seed: number) {
  let state = seed * 2_654_435_761 + 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { next, pick: <T>(of: readonly T[]): T => of[next(of.length)] as T };
}

type Random = ReturnType<typeof randomOf>;

const TEXTS = ['hi', 'Grüße 🌍', ' ', '', '\n', 'a\n\nb ', '{"x":1}'];
const IDS = ['', 'c1', 'c2', 'call_of_another_provider', 'functions.f:0', 'x'.repeat(90), 'abcDEF123', 'ü ü'];
const ARGUMENTS = ['{}', '', 'null', '{"city": "Ber', '[1]', '"x"', '{"a":{"b":[1]}}', '42'];
const NAMES = ['f', 'weather', 'a.b/c', '', 'n'.repeat(80)];

const PNG = { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: 'AAAA' } } as const;

function aMessage({ next, pick }: Random): Message {
  const some = <T>(one: () => T): T[] => Array.from({ length: next(3) }, one);
  const text = () => ({ type: 'text', text: pick(TEXTS) }) as const;
  switch (next(9)) {
    case 0:
      return { role: 'system', content: pick(TEXTS) };
    case 1:
    case 2:
      return { role: 'assistant', content: some(text) };
    case 3:
    case 4: {
      const thought = { type: 'reasoning', provider: pick(['p', 'q']), data: { reasoning_content: 'hm' } } as const;
      const calls = some(
        () => ({ type: 'tool-call', callId: pick(IDS), name: pick(NAMES), arguments: pick(ARGUMENTS) }) as const,
      );
      return { role: 'assistant', content: [...some(() => thought), ...some(text), ...calls] };
    }
    case 5:
      return {
        role: 'tool',
        content: some(
          () => ({ type: 'tool-result', callId: pick(IDS), name: pick(NAMES), output: pick(TEXTS) }) as const,
        ),
      };
    case 6:
      return { role: 'user', content: [...some(text), PNG] };
    default:
      return { role: 'user', content: some(text) };
  }
}

/** What a store can hold and converters can make of it: any messages in any order, and somebody who says something. */
function aHistory(seed: number): Message[] {
  const random = randomOf(seed);
  const messages = Array.from({ length: random.next(31) }, () => aMessage(random));
  return messages.toSpliced(random.next(messages.length + 1), 0, {
    role: 'user',
    content: [{ type: 'text', text: 'question' }],
  });
}

interface Target {
  readonly kind: string;
  readonly model: string;
  readonly wire?: string;
  /** Its calls and results are told in words, as to every model without tools of its own. */
  readonly untooled?: boolean;
  /** @throws Error for a conversation that the server refuses */
  readonly check: (call: ModelCall) => void;
}

const ref = { provider: 'p', model: 'm' };
const STRICT: ChatDemands = { strict: true, userAfterTool: false, system: 'first', callId: /^[\w-]{1,40}$/ };
const LENIENT: ChatDemands = { strict: false, userAfterTool: true, system: 'anywhere', callId: /^[\w-]{1,40}$/ };
const NINE: ChatDemands = { ...STRICT, callId: /^[a-zA-Z0-9]{9}$/ };
const GEMINI: ChatDemands = { ...STRICT, userAfterTool: true, callId: /^[^]{1,128}$/ };

const chat = (kind: string, demands: ChatDemands, model = 'm'): Target => ({
  kind,
  model,
  check: (call) => {
    const { body } = chatFormat(dialect()).toWire(call, ref);
    checkChat(body.messages as unknown as Record<string, unknown>[], demands);
  },
});

const anthropic = (kind: string, model: string, prefill: boolean): Target => ({
  kind,
  model,
  check: (call) => checkAnthropic(messagesFormat.toWire(call, { ...ref, model }).body as never, prefill),
});

/** What a declared API is sent, by a template of its entry. */
const declared = (kind: string, template: object, check: (body: never) => void, untooled = false): Target => ({
  kind,
  model: 'm',
  untooled,
  check: ({ prompt }) => {
    const scope = scopeOf({ prompt: prompt.map(unseen) }, ref, { now: new Date(0) });
    check(renderTemplate(template, scope) as never);
  },
});

/** As `with-accepted-files` does for those who see no pictures. */
const unseen = (message: Message): Message =>
  message.role === 'user'
    ? {
        ...message,
        content: message.content.map((part) => (part.type === 'text' ? part : { type: 'text', text: UNSEEN_PICTURE })),
      }
    : message;

const ANY: ChatDemands = { ...STRICT, callId: /^[^]{1,128}$/ };

/** Every message, with calls where the API has them. */
const MESSAGES = {
  messages: {
    $each: 'messages',
    $item: {
      role: '{{item.role}}',
      content: '{{item.text}}',
      tool_call_id: '{{item.callId}}',
      tool_calls: {
        $each: 'item.toolCalls',
        $as: 'call',
        $item: { id: '{{call.callId}}', function: { name: '{{call.name}}', arguments: '{{call.arguments}}' } },
      },
    },
  },
};

/** A question of its own, and pairs of question and answer before it. */
const TURNS = {
  question: '{{lastUserMessage}}',
  whole: '{{prompt}}',
  turns: { $each: 'turns', $item: { question: '{{item.user}}', answer: '{{item.assistant}}' } },
};

function checkTurns({ question, whole, turns }: { question: string; whole: string; turns: Record<string, string>[] }) {
  if (question.trim() === '') throw new Error('question must not be empty');
  if (!whole.includes(question)) throw new Error('the conversation does not hold its question');
  for (const turn of turns)
    if (Object.values(turn).some((text) => text.trim() === '')) throw new Error('a turn has two sides');
}

const checkMessages = ({ messages }: { messages: Record<string, unknown>[] }) => checkChat(messages, ANY);

/** The prompt itself, as a module gets it. */
const checkPrompt = ({ prompt }: ModelCall): void =>
  checkChat(
    prompt.flatMap(({ role, content }): Record<string, unknown>[] => {
      if (typeof content === 'string') return [{ role, content }];
      const results = content.flatMap((part) => (part.type === 'tool-result' ? [part] : []));
      if (role === 'tool')
        return results.map(({ callId, output }) => ({ role, tool_call_id: callId, content: output }));
      const said = content.filter(({ type }) => type !== 'tool-call' && type !== 'reasoning');
      const calls = content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
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
    }),
    ANY,
  );

/** Reads the last message of the person, and answers to whatever it finds. */
function checkDemo({ prompt }: ModelCall): void {
  const asked = prompt.flatMap((message) => (message.role === 'user' ? [message] : []));
  const words = asked.at(-1)?.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (!words) throw new Error('nobody has said anything');
  const message = words.join(' ');
  if (parseScript(message, defaultAnswer(message, asked.length)).deltas.length === 0) throw new Error('no answer');
}

/** Refuses as Gemma's template does, in the same words. */
const GEMMA =
  "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" +
  "{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}" +
  "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}" +
  "{{ message['role'] + message['content'] }}{% endfor %}";

const BY_PRESET: Readonly<Record<string, ChatDemands>> = {
  groq: LENIENT,
  xai: LENIENT,
  mistral: NINE,
  gemini: GEMINI,
};

const TARGETS: readonly Target[] = [
  ...PRESETS.map(({ kind }) => chat(kind, BY_PRESET[kind] ?? STRICT)),
  ...['openai-compatible', 'gateway', 'huggingface'].map((kind) => chat(kind, STRICT)),
  ...['openai', 'azure-openai'].map((kind) => chat(kind, LENIENT)),
  { ...chat('azure-openai', LENIENT), wire: 'chat' },
  {
    kind: 'azure-openai',
    wire: 'responses',
    model: 'my-deployment',
    check: (call) => checkResponses(responsesFormat.toWire(call, ref).body),
  },
  ...['http', 'graphql', 'websocket'].flatMap((kind) => [
    declared(kind, MESSAGES, checkMessages),
    declared(kind, MESSAGES, checkMessages, true),
    declared(kind, TURNS, checkTurns, true),
  ]),
  { kind: 'module', model: 'm', check: checkPrompt },
  { kind: 'module', model: 'm', untooled: true, check: checkPrompt },
  { kind: 'demo', model: 'demo', check: checkDemo },
  chat('vllm', { ...STRICT, system: 'none' }, 'google/gemma-2-9b-it'),
  chat('groq', NINE, 'mistral-saba-24b'),
  chat('openai-compatible', NINE, 'mistralai/Ministral-8B-Instruct'),
  chat('openrouter', STRICT, 'moonshotai/kimi-k2.5'),
  {
    kind: 'openai',
    wire: 'responses',
    model: 'gpt-6',
    check: (call) => checkResponses(responsesFormat.toWire(call, ref).body),
  },
  anthropic('anthropic', 'claude-opus-4-6', false),
  anthropic('anthropic', 'claude-3-5-sonnet-latest', true),
  anthropic('bedrock', 'anthropic.claude-sonnet-5', false),
  anthropic('vertex', 'claude-sonnet-4-6', false),
  {
    kind: 'cohere',
    model: 'command-a',
    check: (call) => {
      const messages = cohereFormat.toWire(call, ref).body.messages.map((message) => {
        const { toolCalls, toolCallId, ...rest } = message as unknown as Record<string, unknown>;
        return { ...rest, tool_calls: toolCalls, tool_call_id: toolCallId };
      });
      checkChat(messages, { ...STRICT, callId: /^[^]{1,128}$/ });
    },
  },
  {
    kind: 'ollama',
    model: 'llama3.2',
    check: (call) => checkOllama((ollamaFormat.toWire(call, ref).body as { messages: never[] }).messages),
  },
  {
    kind: 'huggingface',
    model: 'google/gemma-2-9b-it',
    untooled: true,
    check: ({ prompt }) => void chatTemplate({ chatTemplate: GEMMA, bosToken: '', eosToken: '' }).render(prompt, []),
  },
];

const HISTORIES = Array.from({ length: 1_000 }, (_, seed) => aHistory(seed));

/** What the server says of a conversation that it refuses. */
function refusalOf(check: Target['check'], prompt: readonly Message[]): string | undefined {
  try {
    check({ prompt });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const wordsOf = (messages: readonly Message[]): number =>
  (JSON.stringify(messages).match(/Grüße|question/g) ?? []).length;

describe('any history', () => {
  it.each(TARGETS)('fits what $kind demands for $model', ({ kind, wire, model, untooled, check }) => {
    const rules = conversationRules({ kind, wire, model }, untooled ? { toolRounds: 'text' } : undefined);
    const refused = HISTORIES.flatMap((prompt, seed) => {
      const fitted = fitConversation(prompt, { ...ref, rules, tools: new Set() });
      const words = refusalOf(check, fitted);
      return words === undefined ? [] : [{ words, seed, prompt, fitted }];
    });
    expect(refused.slice(0, 1)).toEqual([]);
  });

  it('fits once and for all, and keeps every word', () => {
    const rules = conversationRules({ kind: 'vllm', model: 'm' });
    for (const prompt of HISTORIES) {
      const fitted = fitConversation(prompt, { ...ref, rules, tools: new Set() });
      expect(fitConversation(fitted, { ...ref, rules, tools: new Set() })).toEqual(fitted);
      expect(wordsOf(fitted)).toBe(wordsOf(prompt));
    }
  });
});
