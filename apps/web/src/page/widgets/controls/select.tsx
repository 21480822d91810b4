import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { texts } from '../../../i18n/texts.js';
import { WidgetIcon } from '../icons/icon.js';
import type { Node } from '../kind.js';
import { flag, optionalText, records, text } from '../props.js';
import { useAction } from '../use-action.js';
import { controlSize, useField, variantOf } from './field.js';
import { matching, nextIndex, type Option } from './options.js';
import { usePopover } from './use-popover.js';

export function Select({ node }: { readonly node: Node<'Select'> }) {
  return <SelectField key={text(node.defaultValue)} node={node} />;
}

function optionsOf(value: unknown): Option[] {
  return records(value).flatMap(({ value: own, label, description, disabled }) => {
    if (text(own) === '' && text(label) === '') return [];
    return [
      {
        value: text(own),
        label: text(label) || text(own),
        description: optionalText(description),
        isOff: flag(disabled),
      },
    ];
  });
}

function SelectField({ node }: { readonly node: Node<'Select'> }) {
  const name = text(node.name);
  const options = optionsOf(node.options);
  const [value, setValue] = useState(optionalText(node.defaultValue));
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(-1);
  const { trigger, panel, isOpen, open, close } = usePopover<HTMLButtonElement>('bottom', 'start');
  const { id, label, mark } = useField(name, node.placeholder);
  const { run, isBusy } = useAction(node.onChangeAction, 'none');
  const list = useId();
  const isSearchable = flag(node.searchable);
  const shown = matching(options, search);
  const chosen = options.find((option) => option.value === value);
  const placeholder = optionalText(node.placeholder) ?? texts.widgets.choose;

  useEffect(() => {
    if (isOpen) return;
    setSearch('');
    setActive(-1);
  }, [isOpen]);
  useEffect(() => {
    if (isOpen) document.querySelector(`#${CSS.escape(`${list}-${active}`)}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, isOpen, list]);

  const show = (): void => {
    if (flag(node.disabled)) return;
    setActive(options.findIndex((option) => option.value === value));
    open();
  };
  const choose = (next: string | undefined): void => {
    close();
    trigger.current?.focus();
    if (next === value) return;
    setValue(next);
    run({ [name]: next ?? null });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOpen) {
      if (!['ArrowDown', 'ArrowUp', 'Enter', ' '].includes(event.key)) return;
      event.preventDefault();
      show();
      return;
    }
    const { key } = event;
    const isChoice = key === 'Enter' || (key === ' ' && !isSearchable);
    const next = nextIndex(shown, active, key, isSearchable);
    if (!isChoice && next === undefined && key !== 'Escape') {
      if (key === 'Tab') close();
      return;
    }
    event.preventDefault();
    if (next !== undefined) setActive(next);
    else if (key === 'Escape') {
      close();
      trigger.current?.focus();
    } else {
      const option = shown[active];
      if (option && !option.isOff) choose(option.value);
    }
  };
  const combobox = {
    role: 'combobox',
    'aria-expanded': isOpen,
    'aria-controls': list,
    'aria-haspopup': 'listbox',
    'aria-activedescendant': isOpen && active >= 0 ? `${list}-${active}` : undefined,
    onKeyDown,
  } as const;

  return (
    <span className="w-picker" data-block={flag(node.block) || undefined} aria-busy={isBusy || undefined}>
      <button
        ref={trigger}
        type="button"
        id={id}
        className="w-input w-trigger"
        aria-label={label && (chosen ? `${label}: ${chosen.label}` : label)}
        data-variant={variantOf(node.variant, 'outline')}
        data-size={controlSize(node.size)}
        data-pill={flag(node.pill) || undefined}
        data-empty={chosen === undefined || undefined}
        disabled={flag(node.disabled)}
        {...(isSearchable
          ? { 'aria-haspopup': 'dialog' as const, 'aria-expanded': isOpen, 'aria-controls': list, onKeyDown }
          : combobox)}
        onClick={() => (isOpen ? close() : show())}
      >
        <span className="w-trigger-text">{chosen?.label ?? placeholder}</span>
        <WidgetIcon name="chevron-right" size="xs" />
      </button>
      {flag(node.clearable) && chosen && !flag(node.disabled) && (
        <button type="button" className="w-clear" aria-label={texts.widgets.clear} onClick={() => choose(undefined)}>
          ×
        </button>
      )}
      {value !== undefined && <input type="hidden" value={value} {...mark} />}
      <div ref={panel} popover="auto" className="w-popover">
        {isSearchable && isOpen && (
          <input
            className="w-input w-search"
            data-variant="outline"
            data-size="md"
            type="text"
            // The panel has just been opened for it.
            autoFocus
            autoComplete="off"
            placeholder={texts.widgets.search}
            aria-label={texts.widgets.search}
            value={search}
            {...combobox}
            onChange={({ target }) => {
              setSearch(target.value);
              setActive(0);
            }}
          />
        )}
        <ul id={list} role="listbox" aria-label={label ?? placeholder}>
          {shown.map((option, index) => (
            <li
              key={option.value}
              id={`${list}-${index}`}
              role="option"
              aria-selected={option.value === value}
              aria-disabled={option.isOff || undefined}
              data-active={index === active || undefined}
              onMouseMove={() => setActive(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => (option.isOff ? undefined : choose(option.value))}
            >
              <span>
                {option.label}
                {option.description && <small>{option.description}</small>}
              </span>
              {option.value === value && <WidgetIcon name="check" size="sm" />}
            </li>
          ))}
        </ul>
        {shown.length === 0 && <p className="w-note">{texts.widgets.nothingFound}</p>}
      </div>
    </span>
  );
}
