import { lazy, Suspense, useState } from 'react';
import { texts } from '../../../i18n/texts.js';
import { WidgetIcon } from '../icons/icon.js';
import type { Node } from '../kind.js';
import { flag, oneOf, optionalText, text } from '../props.js';
import { useAction } from '../use-action.js';
import { asDate, dayOf, type Day } from './calendar.js';
import { controlSize, useField, variantOf } from './field.js';
import { locale } from './locale.js';
import { usePopover } from './use-popover.js';

const Calendar = lazy(() => import('./calendar-grid.js'));

export function DatePicker({ node }: { readonly node: Node<'DatePicker'> }) {
  return <DateField key={text(node.defaultValue)} node={node} />;
}

const spoken = (day: Day): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(asDate(day));

function DateField({ node }: { readonly node: Node<'DatePicker'> }) {
  const name = text(node.name);
  const [value, setValue] = useState(dayOf(node.defaultValue));
  const { trigger, panel, isOpen, open, close } = usePopover<HTMLButtonElement>(
    oneOf(node.side, ['top', 'bottom', 'left', 'right']) ?? 'bottom',
    oneOf(node.align, ['start', 'center', 'end']) ?? 'start',
  );
  const { id, label, mark } = useField(name, node.placeholder);
  const { run, isBusy } = useAction(node.onChangeAction, 'none');
  const choose = (next: Day | undefined): void => {
    close();
    trigger.current?.focus();
    if (next === value) return;
    setValue(next);
    run({ [name]: next ?? null });
  };
  const [min, max] = [dayOf(node.min), dayOf(node.max)];
  const said = value === undefined ? undefined : spoken(value);
  return (
    <span className="w-picker" data-block={flag(node.block) || undefined} aria-busy={isBusy || undefined}>
      <button
        ref={trigger}
        type="button"
        id={id}
        className="w-input w-trigger"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={label && (said ? `${label}: ${said}` : label)}
        data-variant={variantOf(node.variant, 'outline')}
        data-size={controlSize(node.size)}
        data-pill={flag(node.pill) || undefined}
        data-empty={said === undefined || undefined}
        disabled={flag(node.disabled)}
        onClick={() => (isOpen ? close() : open())}
      >
        <WidgetIcon name="calendar" size="sm" />
        <span className="w-trigger-text">{said ?? optionalText(node.placeholder) ?? texts.widgets.chooseDate}</span>
      </button>
      {flag(node.clearable) && value !== undefined && !flag(node.disabled) && (
        <button type="button" className="w-clear" aria-label={texts.widgets.clear} onClick={() => choose(undefined)}>
          ×
        </button>
      )}
      {value !== undefined && <input type="hidden" value={value} {...mark} />}
      <div ref={panel} popover="auto" className="w-popover" role="dialog" aria-label={texts.widgets.chooseDate}>
        {isOpen && (
          <Suspense fallback={<span className="w-spinner" />}>
            <Calendar
              value={value}
              min={min}
              max={max}
              onChoose={choose}
              onClose={() => {
                close();
                trigger.current?.focus();
              }}
            />
          </Suspense>
        )}
      </div>
    </span>
  );
}
