import { useState } from 'react';
import { Dialog } from '../../page/dialog.js';
import { post } from '../api.js';
import { Problem } from '../notes.js';
import { go, runAddress } from '../route.js';
import type { RunDetails } from '../types.js';
import { useAttempt } from '../use-attempt.js';

const ACTIONS = {
  stop: {
    name: 'Stop',
    means: 'The answer ends where it is. Its user sees that it was stopped and can ask again.',
  },
  retry: {
    name: 'Answer again',
    means:
      'The message is answered again, and the usage counts as that of its user. Any partial answer of this run is deleted.',
  },
  release: {
    name: 'Release',
    means:
      'For a worker that is stuck: another worker starts the run again, and the part of the answer that was shown is withdrawn. A worker that is not stuck loses its work.',
  },
} as const;
type Action = keyof typeof ACTIONS;

const possible = ({ state, thread_id: thread, is_stopping: isStopping }: RunDetails): Action[] => {
  if (state === 'queued') return ['stop'];
  if (state === 'working') return isStopping ? ['release'] : ['stop', 'release'];
  return thread !== null && (state === 'failed' || state === 'cancelled') ? ['retry'] : [];
};

interface RunActionsProps {
  readonly run: RunDetails;
  readonly onDone: () => void;
}

/** Each is confirmed first, as it affects the answer of a user. */
export function RunActions({ run, onDone }: RunActionsProps) {
  const [asked, setAsked] = useState<Action>();
  const { problem, attempt } = useAttempt();
  const perform = async (action: Action): Promise<void> => {
    const told = await post<{ readonly run: RunDetails }>(`runs/${encodeURIComponent(run.id)}/${action}`);
    if (told.run.id !== run.id) go(runAddress(told.run.id));
    onDone();
  };
  const confirm = (action: Action): void => {
    setAsked(undefined);
    void attempt(() => perform(action));
  };
  return (
    <>
      <div className="a-actions">
        {possible(run).map((action) => (
          <button key={action} type="button" className="a-button" onClick={() => setAsked(action)}>
            {ACTIONS[action].name}
          </button>
        ))}
      </div>
      <Problem message={problem} />
      {asked && (
        <Dialog title={`${ACTIONS[asked].name}?`} onClose={() => setAsked(undefined)}>
          <p>{ACTIONS[asked].means}</p>
          <div className="dialog-foot">
            <button type="button" className="a-button" onClick={() => setAsked(undefined)}>
              Cancel
            </button>
            <button type="button" className="a-button primary" onClick={() => confirm(asked)}>
              {ACTIONS[asked].name}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
