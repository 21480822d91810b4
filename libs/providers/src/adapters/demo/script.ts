import type { ToolDefinition } from '../../spec/prompt.js';
import { toolOffer } from './tool-use.js';

/** What one answer of the demo provider does. */
export interface DemoScript {
  /** Text of each delta, in order. */
  readonly deltas: readonly string[];
  /** Milliseconds before each delta; 0 for as fast as the reader takes them. */
  readonly delayMs: number;
  /** After this many deltas the answer fails; undefined: it does not. */
  readonly failAfter: number | undefined;
}

/** `(slow)` spreads over at least 60 x 200 ms = 12 s: long enough to reload a page, stop, or kill a server in the middle. */
const SLOW_DELTAS = 60;
const SLOW_DELAY_MS = 200;

/** So that the default answer is seen to stream. */
const DEFAULT_DELAY_MS = 10;
const FAIL_AFTER = 3;

/** Bounds of the numbers in a message, which anybody may write. */
const MAX_TOKENS = 100_000;
const MAX_DELAY_MS = 60_000;

/**
 * Reads the commands in the last user message, which is answered by `answer` where they do not say otherwise.
 *
 * | in the message | does |
 * |---|---|
 * | (nothing) | a short Markdown answer: what this is, the message, how to configure a real provider, what it remembers |
 * | `(slow)` | the same in at least 60 deltas, 200 ms apart: 12 s or more |
 * | `(fail)` | the same, breaking off with `overloaded` after 3 deltas |
 * | `(tokens=N)` | exactly N deltas `tok1 `, `tok2 `, ... without pause; N from 0 to 100,000 |
 * | `(delay=MS)` | that pause before each delta, whatever else is asked for; 0 to 60,000 |
 * | `(call=NAME {…})` | a call of this tool, see `tool-use.ts` |
 *
 * Commands combine, except that `(tokens=N)` replaces the text. Numbers over the bounds are lowered to them.
 */
export function parseScript(message: string, answer: string): DemoScript {
  const tokens = numberIn(message, 'tokens', MAX_TOKENS);
  const slow = message.includes('(slow)');
  const pause = numberIn(message, 'delay', MAX_DELAY_MS);
  const implied = slow ? SLOW_DELAY_MS : tokens === undefined ? DEFAULT_DELAY_MS : 0;
  return {
    deltas: tokens === undefined ? pieces(answer, slow ? SLOW_DELTAS : 0) : countTo(tokens),
    delayMs: pause ?? implied,
    failAfter: message.includes('(fail)') ? FAIL_AFTER : undefined,
  };
}

function numberIn(message: string, name: string, max: number): number | undefined {
  const digits = new RegExp(`\\(${name}=(\\d+)\\)`).exec(message)?.[1];
  return digits === undefined ? undefined : Math.min(Number(digits), max);
}

function countTo(tokens: number): string[] {
  return Array.from({ length: tokens }, (_, index) => `tok${index + 1} `);
}

/** `seen`: how many user messages the prompt holds, this one included. */
export function defaultAnswer(message: string, seen: number, tools: readonly ToolDefinition[] = []): string {
  const quoted = message.split('\n').map((line) => `> ${line}`);
  const memory = seen === 1 ? 'This is the first message' : `I have seen ${seen} messages`;
  return [
    '**This is the demo provider**, built in and not a language model. You wrote:',
    quoted.join('\n'),
    `${memory} of yours in this conversation.`,
    'To talk to a real model, set a provider’s key, such as `OPENAI_API_KEY`, or set `OPENAI_BASE_URL` to any server that speaks the OpenAI format, and start again.',
    'To try things out, write `(slow)`, `(fail)`, `(tokens=50)` or `(delay=100)` in your message.',
    toolOffer(tools) ?? [],
  ]
    .flat()
    .join('\n\n');
}

/** Words with the white space behind them, cut finer where there are fewer than `atLeast`. Nothing is lost or changed. */
function pieces(text: string, atLeast: number): string[] {
  const words = text.match(/\S+\s*/gu) ?? [];
  if (words.length >= atLeast) return words;
  const characters = Array.from(text);
  const size = Math.max(1, Math.floor(characters.length / atLeast));
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}
