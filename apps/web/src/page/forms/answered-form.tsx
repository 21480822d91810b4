import { texts } from '../../i18n/texts.js';
import type { Question, StructuredInput } from '../../protocol/items/structured-input.js';

/** The questions and what was answered, for reading. */
export function AnsweredForm({ item: { status, inputs } }: { readonly item: StructuredInput }) {
  return (
    <div className="form-card" data-status={status}>
      <p className="form-status">{status === 'skipped' ? texts.widgets.formSkipped : texts.widgets.formAnswered}</p>
      <dl>
        {inputs.map((question) => (
          <div key={question.id}>
            <dt>{question.question}</dt>
            <dd>
              <Answer question={question} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Answer({ question: { answer } }: { readonly question: Question }) {
  if (!answer || answer.skipped || answer.values.length === 0) return <em>{texts.widgets.noAnswer}</em>;
  if (answer.values.length === 1) return answer.values[0];
  return (
    <ul>
      {answer.values.map((value) => (
        <li key={value}>{value}</li>
      ))}
    </ul>
  );
}
