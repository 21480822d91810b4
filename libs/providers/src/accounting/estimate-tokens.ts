import type { ModelCall } from '../spec/language-model.js';

/** English text has about four characters a token; other scripts have fewer. An estimate, and to be labelled as one. */
const CHARACTERS_A_TOKEN = 4;

/** Tokens of a text, by its length alone. */
export const estimateTextTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);

/** Input tokens of a call, by the length of what it says; pictures and files are not counted. */
export function estimateInputTokens({ prompt, tools = [], documents = [] }: ModelCall): number {
  let characters = 0;
  for (const message of prompt) {
    if (message.role === 'system') characters += message.content.length;
    else for (const part of message.content) characters += lengthOf(part);
  }
  for (const { text } of documents) characters += text.length;
  for (const tool of tools) characters += JSON.stringify(tool).length;
  return Math.ceil(characters / CHARACTERS_A_TOKEN);
}

type Part = Exclude<ModelCall['prompt'][number], { role: 'system' }>['content'][number];

function lengthOf(part: Part): number {
  switch (part.type) {
    case 'text':
      return part.text.length;
    case 'tool-call':
      return part.name.length + part.arguments.length;
    case 'tool-result':
      return part.name.length + part.output.length;
    default:
      return 0;
  }
}
