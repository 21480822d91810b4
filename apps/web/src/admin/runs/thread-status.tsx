import type { SubmitEvent } from 'react';
import { post } from '../api.js';
import { Problem } from '../notes.js';
import type { RunDetails } from '../types.js';
import { useAttempt } from '../use-attempt.js';

interface ThreadStatusProps {
  readonly threadId: string;
  readonly status: NonNullable<RunDetails['thread_status']>;
  readonly onDone: () => void;
}

/** Whether the conversation takes messages, and what its user is told. */
export function ThreadStatus({ threadId, status, onDone }: ThreadStatusProps) {
  const { problem, attempt } = useAttempt();
  const onSubmit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const reason = String(form.get('reason') ?? '').trim();
    const body = { status: String(form.get('status')), ...(reason !== '' && { reason }) };
    void attempt(async () => {
      await post(`threads/${encodeURIComponent(threadId)}/status`, body);
      onDone();
    });
  };
  return (
    <form className="a-filter" onSubmit={onSubmit}>
      <label>
        The conversation is
        <select name="status" defaultValue={status.type === 'active' ? 'open' : status.type}>
          <option value="open">open</option>
          <option value="locked">locked</option>
          <option value="closed">closed</option>
        </select>
      </label>
      <label className="a-wide">
        Reason shown to the user
        <input name="reason" maxLength={1_000} defaultValue={status.reason ?? ''} />
      </label>
      <button type="submit" className="a-button">
        Save
      </button>
      <Problem message={problem} />
    </form>
  );
}
