import type {
  StructuredAnswer,
  StructuredInputItem,
  StructuredQuestion,
  StructuredSubmission,
} from '../protocol/structured-input.js';

/**
 * The form with what the user sent for it [SI-3]: each question has an answer, and the form the status that was sent,
 * even when each single answer was skipped. Values are not checked against the options, and answers to questions that
 * the form does not have are left out. Whether the form may be answered at all [SI-5] is the caller's decision.
 */
export function answerQuestions(item: StructuredInputItem, submission: StructuredSubmission): StructuredInputItem {
  const inputs = item.inputs.map((question) => ({ ...question, answer: answerTo(question, submission) }));
  return { ...item, status: submission.status, inputs };
}

function answerTo(question: StructuredQuestion, { status, answers }: StructuredSubmission): StructuredAnswer {
  // The names of answers come from the client and may be those of inherited properties, such as `toString`.
  const given = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
  if (status === 'skipped' || !given || given.skipped || given.values.length === 0) {
    return { values: [], skipped: true };
  }
  const isSingle = question.type === 'multiple_choice' && !question.multiple;
  return { values: isSingle ? given.values.slice(0, 1) : [...given.values], skipped: false };
}
