import { type Fields, fields, listOf, oneOf, optionalText, text, textsOf } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';

export interface FormAnswer {
  readonly values: readonly string[];
  readonly skipped: boolean;
}

interface QuestionFields {
  readonly id: string;
  readonly question: string;
  readonly answer?: FormAnswer | undefined;
}

/** A question of a form (docs/protocol/data-model.md, "Forms"). */
export type Question =
  | (QuestionFields & {
      readonly type: 'multiple_choice';
      readonly options: readonly string[];
      readonly multiple: boolean;
    })
  | (QuestionFields & { readonly type: 'freeform'; readonly description?: string | undefined });

/** A form [IT-8]. */
export interface StructuredInput extends ItemFields {
  readonly type: 'structured_input';
  readonly status: 'pending' | 'answered' | 'skipped';
  readonly inputs: readonly Question[];
}

export function readStructuredInput(own: ItemFields, item: Fields): StructuredInput {
  return {
    ...own,
    type: 'structured_input',
    status: oneOf(item['status'], ['pending', 'answered', 'skipped']),
    inputs: listOf(item['inputs']).map(readQuestion),
  };
}

/** A question of a newer type is one that is answered by text. */
function readQuestion(input: Fields): Question {
  const shared = { id: text(input['id']), question: text(input['question']), answer: readAnswer(input['answer']) };
  if (input['type'] !== 'multiple_choice') {
    return { ...shared, type: 'freeform', description: optionalText(input['description']) };
  }
  const options = listOf(input['options']).map((option) => text(option['value']));
  return { ...shared, type: 'multiple_choice', options, multiple: input['multiple'] === true };
}

function readAnswer(value: unknown): FormAnswer | undefined {
  const answer = fields(value);
  return answer && { values: textsOf(answer['values']), skipped: answer['skipped'] === true };
}
