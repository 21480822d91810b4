import { lazy, Suspense, useCallback } from 'react';
import { readPageCall } from '../../chat/client-tools.js';
import type { ItemActions } from '../../chat/item-actions.js';
import type { Theme } from '../../chat/memory.js';
import { texts } from '../../i18n/texts.js';
import { fields } from '../../protocol/read-fields.js';
import type { WidgetAction } from '../../protocol/widgets.js';
import { perform } from '../client-tools/perform.js';
import { useThemeSetter } from '../client-tools/theme-setter.js';
import { useExplain } from '../explain.js';
import { useItemActions } from '../item-actions.js';
import type { Outcome } from '../widgets/widget-view.js';
import { ItemFoot } from './item-foot.js';
import type { ItemProps } from './item-props.js';
import { Typing } from './typing.js';

/** A file of its own: most conversations have no widgets. */
const View = lazy(() => import('../widgets/widget-view.js'));

export function WidgetView({ item: { id, widget, copy_text = '' }, progress }: ItemProps<'widget'>) {
  const actions = useItemActions();
  const setTheme = useThemeSetter();
  const explain = useExplain();
  const onAction = useCallback(
    (action: WidgetAction) =>
      action.handler === 'client' ? carryOutHere(action, setTheme) : carryOut(actions, id, action, explain),
    [actions, id, setTheme, explain],
  );
  return (
    <section className="message widget-item" aria-label={texts.widgets.shown}>
      <Suspense fallback={<Typing />}>
        <View root={widget} isOpen={progress === 'open'} onAction={onAction} />
      </Suspense>
      <ItemFoot itemId={id} progress={progress} text={copy_text} />
    </section>
  );
}

/** What an action asks of the page and not of the assistant: one of the page's own tools. The click is the permission. */
async function carryOutHere({ type, payload }: WidgetAction, setTheme: (theme: Theme) => void): Promise<Outcome> {
  const call = readPageCall(type, fields(payload) ?? {});
  if (!call || call.name === 'get_page_context') return { isDone: false, problem: texts.widgets.actionElsewhere(type) };
  return perform(call, setTheme).then(
    () => ({ isDone: true }),
    () => ({ isDone: false, problem: texts.widgets.actionFailed }),
  );
}

async function carryOut(
  actions: ItemActions,
  itemId: string,
  action: WidgetAction,
  explain: (error: unknown) => string,
): Promise<Outcome> {
  const { type, payload, streaming } = action;
  if (!streaming) {
    return actions.sendActionNow(itemId, { type, payload }).then(
      () => ({ isDone: true }),
      (error: unknown) => ({ isDone: false, problem: explain(error) }),
    );
  }
  const outcome = await actions.sendAction(itemId, { type, payload });
  return outcome === 'busy' ? { isDone: false, problem: texts.widgets.answerFirst } : { isDone: outcome === 'done' };
}
