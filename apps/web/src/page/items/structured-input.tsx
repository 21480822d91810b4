import { texts } from '../../i18n/texts.js';
import { AnsweredForm } from '../forms/answered-form.js';
import { StructuredForm } from '../forms/structured-form.js';
import { useCanAsk, useItemActions } from '../item-actions.js';
import type { ItemProps } from './item-props.js';

export function StructuredInputView({ item }: ItemProps<'structured_input'>) {
  const actions = useItemActions();
  const canAsk = useCanAsk();
  return (
    <section className="message" aria-label={texts.widgets.form}>
      {item.status === 'pending' ? (
        <StructuredForm
          questions={item.inputs}
          canSend={canAsk}
          onSend={(input) => void actions.submitForm(item.id, input)}
        />
      ) : (
        <AnsweredForm item={item} />
      )}
    </section>
  );
}
