import { useContext, useId } from 'react';
import { type FieldValues, readAction, type WidgetAction } from '../../protocol/widgets.js';
import { FormContext, useWidget } from './widget-context.js';

interface UsedAction {
  readonly action: WidgetAction | undefined;
  /** It runs, and this component shows that. */
  readonly isBusy: boolean;
  /** It was the last one to succeed. */
  readonly isDone: boolean;
  readonly run: (own?: FieldValues) => void;
}

/** An action of a component; `auto` is what it disables if its author leaves that open. */
export function useAction(value: unknown, auto: 'none' | 'self' | 'container'): UsedAction {
  const source = useId();
  const { busy, done, run } = useWidget();
  const form = useContext(FormContext);
  const action = readAction(value);
  const loading = !action || action.loading === 'auto' ? auto : action.loading;
  return {
    action,
    isBusy: loading !== 'none' && busy.some((one) => one.source === source),
    isDone: done === source,
    run: (own = {}) => {
      if (action) run({ action, values: { ...form?.values(), ...own }, source, loading });
    },
  };
}
