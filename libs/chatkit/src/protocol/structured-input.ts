import { z } from 'zod';
import { boundedList, boundedRecord, boundedText } from './bounded.js';
import { itemFields } from './item-fields.js';
import { orAbsent } from './json.js';
import { explainIssue } from './request-issues.js';

/** The user's answer to one question. */
export const StructuredAnswer = z.object({
  values: z.array(z.string()).default(() => []),
  skipped: z.boolean().default(false),
});
export type StructuredAnswer = z.output<typeof StructuredAnswer>;

const question = { id: z.string(), question: z.string(), answer: orAbsent(StructuredAnswer) };

/** One question of a form (docs/protocol/data-model.md, "Forms"). */
export const StructuredQuestion = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('multiple_choice'),
    ...question,
    options: z.array(z.object({ value: z.string() })),
    multiple: z.boolean().default(false),
  }),
  z.object({ type: z.literal('freeform'), ...question, description: orAbsent(z.string()) }),
]);
export type StructuredQuestion = z.output<typeof StructuredQuestion>;
/** A question as code writes it, defaults left out. */
export type StructuredQuestionInput = z.input<typeof StructuredQuestion>;

/** A form that is shown instead of the composer [IT-8] [SI-1]. */
export const StructuredInputItem = z.object({
  type: z.literal('structured_input'),
  ...itemFields,
  status: z.enum(['pending', 'answered', 'skipped']).default('pending'),
  inputs: z.array(StructuredQuestion),
});
export type StructuredInputItem = z.output<typeof StructuredInputItem>;

const SubmittedAnswer = z.object({
  values: boundedList('form.values', boundedText('form.value'), explainIssue).default(() => []),
  skipped: z.boolean().default(false),
});

/** What the user sends for a form [RQ-17]. */
export const StructuredSubmission = z.object({
  status: z.enum(['answered', 'skipped']).default('answered'),
  answers: boundedRecord('form.answers', SubmittedAnswer).default(() => ({})),
});
export type StructuredSubmission = z.output<typeof StructuredSubmission>;
