import type { Again, Problem } from '../../chat/conversation-state.js';
import { texts } from '../../i18n/texts.js';
import { CopyButton } from '../copy-button.js';
import { AlertIcon, CloseIcon, InfoIcon, RetryIcon } from '../icons.js';
import { BreakerLine } from './breaker-line.js';

interface ProblemNoteProps {
  readonly problem: Problem;
  readonly onAgain: (again: Again) => void;
  readonly onDismiss: () => void;
}

/** What went wrong, how to go on, and for the operator why it did and what to do about it. */
export function ProblemNote({ problem, onAgain, onDismiss }: ProblemNoteProps) {
  const { tone, text, again } = problem;
  return (
    <div className="note" data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <div className="note-head">
        {tone === 'error' ? <AlertIcon /> : <InfoIcon />}
        <p>{text}</p>
        {again && (
          <button type="button" className="note-action" onClick={() => onAgain(again)}>
            <RetryIcon />
            {again.type === 'send' ? texts.core.sendAgain : texts.core.tryAgain}
          </button>
        )}
        <button type="button" className="icon-button small" onClick={onDismiss} aria-label={texts.core.dismiss}>
          <CloseIcon />
        </button>
      </div>
      <Facts problem={problem} />
    </div>
  );
}

function Facts({ problem: { cause, fix, breakers = [], runId } }: { readonly problem: Problem }) {
  if (!cause && !fix && !runId) return null;
  const { core } = texts;
  return (
    // A breaker counts down its seconds: screen readers need not announce each one.
    <dl className="facts" aria-live="off">
      {cause && (
        <div>
          <dt>{core.cause}</dt>
          <dd className="fact-code" dir="auto">
            {cause}
          </dd>
        </div>
      )}
      {fix && (
        <div>
          <dt>{core.fix}</dt>
          <dd dir="auto">{fix}</dd>
        </div>
      )}
      {breakers.map((breaker) => (
        <div key={breaker.model}>
          <dt>{core.breaker}</dt>
          <dd>
            <BreakerLine breaker={breaker} />
          </dd>
        </div>
      ))}
      {runId && (
        <div>
          <dt>{core.run}</dt>
          <dd className="fact-run">
            <code>{runId}</code>
            <CopyButton label={core.copyRun} text={() => runId} />
          </dd>
        </div>
      )}
    </dl>
  );
}
