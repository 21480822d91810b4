import type { FormValues } from '../answer.js';
import type { Question, StructuredInput } from '../../../web/src/protocol/items/structured-input.js';
import { oneLine } from '../plain.js';
import { prompt } from './prompt.js';

type Say = (line: string) => void;

/** Asks the questions of a form one by one; undefined if the person has left it. An empty line skips a question. */
export async function askForm({ inputs }: StructuredInput, say: Say): Promise<FormValues | undefined> {
  const values: Record<string, readonly string[]> = {};
  for (const question of inputs) {
    const given = await askQuestion(question, say);
    if (!given) return undefined;
    values[question.id] = given;
  }
  return values;
}

async function askQuestion(question: Question, say: Say): Promise<readonly string[] | undefined> {
  say(`? ${oneLine(question.question)}`);
  if (question.type === 'freeform') {
    if (question.description) say(`  ${oneLine(question.description)}`);
  } else for (const [index, option] of question.options.entries()) say(`  [${index + 1}] ${oneLine(option)}`);
  const reply = await prompt(
    question.type === 'freeform' ? '  ' : `  ${question.multiple ? 'numbers' : 'number'}, or your own words: `,
  );
  if (typeof reply === 'string') return undefined;
  return valuesIn(question, reply.line.trim());
}

/** Numbers stand for options; whatever else is the person's own text. */
function valuesIn(question: Question, line: string): readonly string[] {
  if (line === '') return [];
  if (question.type === 'freeform') return [line];
  const numbers = line.split(/[\s,]+/).map((part) => question.options[Number(part) - 1]);
  const chosen = numbers.filter((option) => option !== undefined);
  if (chosen.length !== numbers.length) return [line];
  return question.multiple ? [...new Set(chosen)] : chosen.slice(0, 1);
}
