import type { StructuredInputItem, StructuredQuestion, StructuredSubmission } from '#chatkit';

/** The form with what the user gave to each of its questions, and the status that the user chose (SI-3). */
export function answerQuestions(item: StructuredInputItem, submission: StructuredSubmission): StructuredInputItem {
  const { status, answers } = submission;
  const inputs = item.inputs.map((question) => {
    const given = status === 'skipped' || !Object.hasOwn(answers, question.id) ? undefined : answers[question.id];
    const skipped = !given || given.skipped || given.values.length === 0;
    const values = skipped ? [] : isSingleChoice(question) ? given.values.slice(0, 1) : given.values;
    return { ...question, answer: { values, skipped } };
  });
  return { ...item, status, inputs };
}

const isSingleChoice = (question: StructuredQuestion): boolean =>
  question.type === 'multiple_choice' && !question.multiple;
