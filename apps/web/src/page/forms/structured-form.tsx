import { type SyntheticEvent, useId, useState } from 'react';
import type { FormInput } from '../../chat/item-actions.js';
import { texts } from '../../i18n/texts.js';
import type { Question } from '../../protocol/items/structured-input.js';
import { choose, draftOf, type Draft, type Drafts, SKIPPED, toInput, valuesOf, write } from './form-state.js';

interface StructuredFormProps {
  readonly questions: readonly Question[];
  /** Whether it can be sent now. */
  readonly canSend: boolean;
  readonly onSend: (input: FormInput) => void;
}

/** Questions that wait for answers. */
export function StructuredForm({ questions, canSend, onSend }: StructuredFormProps) {
  const [drafts, setDrafts] = useState<Drafts>({});
  const [isMissing, setMissing] = useState(false);
  const missing = useId();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const input = toInput(questions, drafts);
    setMissing(input === undefined);
    if (input && canSend) onSend(input);
  };
  return (
    <form className="form-card" noValidate onSubmit={submit} aria-describedby={isMissing ? missing : undefined}>
      {questions.map((question) => (
        <QuestionFields
          key={question.id}
          question={question}
          draft={draftOf(drafts, question.id)}
          onChange={(draft) => {
            setDrafts((before) => ({ ...before, [question.id]: draft }));
            setMissing(false);
          }}
        />
      ))}
      {isMissing && (
        <p id={missing} className="form-missing" role="alert">
          {texts.widgets.answerMissing}
        </p>
      )}
      <div className="form-foot">
        <button type="button" className="button" disabled={!canSend} onClick={() => onSend(SKIPPED)}>
          {texts.widgets.skip}
        </button>
        <button type="submit" className="button primary" disabled={!canSend}>
          {texts.widgets.sendAnswers}
        </button>
      </div>
    </form>
  );
}

interface QuestionFieldsProps {
  readonly question: Question;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

function QuestionFields({ question, draft, onChange }: QuestionFieldsProps) {
  const id = useId();
  if (question.type === 'freeform') {
    return (
      <div className="form-question">
        <label htmlFor={id}>{question.question}</label>
        {question.description && <p id={`${id}-about`}>{question.description}</p>}
        <textarea
          id={id}
          rows={2}
          dir="auto"
          aria-describedby={question.description && `${id}-about`}
          value={draft.text}
          onChange={({ target }) => onChange(write(question, draft, target.value))}
        />
      </div>
    );
  }
  const values = valuesOf(question, draft);
  return (
    <fieldset className="form-question" aria-describedby={question.multiple ? `${id}-about` : undefined}>
      <legend>{question.question}</legend>
      {question.multiple && <p id={`${id}-about`}>{texts.widgets.chooseAny}</p>}
      <div className="form-options">
        {question.options.map((option) => (
          <label key={option} className="form-option" data-chosen={values.includes(option) || undefined}>
            <input
              type={question.multiple ? 'checkbox' : 'radio'}
              name={id}
              checked={values.includes(option)}
              onChange={({ target }) => onChange(choose(question, draft, option, target.checked))}
            />
            <span>{option}</span>
          </label>
        ))}
      </div>
      <input
        type="text"
        dir="auto"
        aria-label={`${question.question} – ${texts.widgets.otherAnswer}`}
        placeholder={texts.widgets.otherAnswer}
        value={draft.text}
        onChange={({ target }) => onChange(write(question, draft, target.value))}
      />
    </fieldset>
  );
}
