import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { texts } from '../../i18n/texts.js';
import { type WidgetAction, withValues } from '../../protocol/widgets.js';
import type { AnyNode } from './kind.js';
import { NodeView } from './node-view.js';
import { labelledFields } from './text-of-node.js';
import { type Running, WidgetContext, type WidgetScope } from './widget-context.js';

/** What has become of an action, and what to tell the person if it failed here. */
export interface Outcome {
  readonly isDone: boolean;
  readonly problem?: string;
}

export interface WidgetViewProps {
  readonly root: AnyNode;
  /** Whether its texts are still growing. */
  readonly isOpen: boolean;
  /** Carries out an action whose values are already in its payload. Never rejects. */
  readonly onAction: (action: WidgetAction) => Promise<Outcome>;
}

/** A widget, and what its components do. */
export default function WidgetView({ root, isOpen, onAction }: WidgetViewProps) {
  const prefix = useId();
  const [busy, setBusy] = useState<readonly Running[]>([]);
  const [done, setDone] = useState<string>();
  const [problem, setProblem] = useState<string>();
  // A click acts on what is shown now, not on what was shown when the action before it began.
  const running = useRef<readonly Running[]>([]);
  const act = useRef(onAction);
  act.current = onAction;

  useEffect(() => setDone(undefined), [root]);

  const scope = useMemo<WidgetScope>(() => {
    const change = (next: readonly Running[]): void => {
      running.current = next;
      setBusy(next);
    };
    const work = async (): Promise<void> => {
      for (let next = running.current[0]; next; next = running.current[0]) {
        const { action, values, source, loading } = next;
        // One after another, as each may change what the next one is about.
        // oxlint-disable-next-line no-await-in-loop
        const outcome = await act.current({ ...action, payload: withValues(action.payload, values) });
        const finished = next;
        change(running.current.filter((one) => one !== finished));
        setProblem(outcome.problem);
        if (outcome.isDone && loading === 'container') setDone(source);
      }
    };
    const run = (next: Running): void => {
      const others = running.current.filter((one) => one.source !== next.source);
      if (running.current.some(({ loading }) => loading === 'container')) return;
      // A button that waits is not pressed twice; of a field that waits the newest value is sent.
      if (next.loading !== 'none' && others.length < running.current.length) return;
      const isIdle = running.current.length === 0;
      const [first, ...waiting] = running.current;
      change([...(first ? [first] : []), ...waiting.filter((one) => one.source !== next.source), next]);
      setProblem(undefined);
      if (isIdle) void work();
    };
    return { prefix, labelled: labelledFields(root), busy, done, run };
  }, [prefix, root, busy, done]);
  const isLocked = busy.some(({ loading }) => loading === 'container');

  return (
    <div className="widget" aria-busy={isLocked || undefined} data-open={isOpen || undefined}>
      <WidgetContext value={scope}>
        <NodeView node={root} />
      </WidgetContext>
      {problem !== undefined && (
        <div className="note w-problem" data-tone="error" role="alert">
          <p>{problem}</p>
          <button type="button" className="note-action" onClick={() => setProblem(undefined)}>
            {texts.core.dismiss}
          </button>
        </div>
      )}
    </div>
  );
}
