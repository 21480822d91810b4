import type { ModelCall } from '../spec/language-model.js';

/** What the messages' frames, pictures and files come to, in tokens: about as much as the large providers charge. */
const MESSAGE = 4;
const PICTURE = 1_000;
const FILE = 3_000;

/** What of a call is counted: its texts, and tokens for what is none. */
export interface Countable {
  readonly texts: readonly string[];
  readonly otherTokens: number;
}

export function countable({ prompt, tools = [], documents = [] }: ModelCall): Countable {
  const texts = [...documents.map(({ text }) => text), ...tools.map((tool) => JSON.stringify(tool))];
  let otherTokens = MESSAGE * prompt.length;
  for (const message of prompt) {
    if (message.role === 'system') texts.push(message.content);
    else {
      for (const part of message.content) {
        const counted = countPart(part);
        if (typeof counted === 'number') otherTokens += counted;
        else texts.push(...counted);
      }
    }
  }
  return { texts, otherTokens };
}

type Part = Exclude<ModelCall['prompt'][number], { role: 'system' }>['content'][number];

function countPart(part: Part): readonly string[] | number {
  switch (part.type) {
    case 'text':
      return [part.text];
    case 'tool-call':
      return [part.name, part.arguments];
    case 'tool-result':
      return [part.name, part.output];
    case 'reasoning':
      return [JSON.stringify(part.data)];
    case 'image':
      return PICTURE;
    case 'file':
      return FILE;
    default:
      return part satisfies never;
  }
}
