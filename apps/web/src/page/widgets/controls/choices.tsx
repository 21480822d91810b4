import { useId } from 'react';
import type { Node } from '../kind.js';
import { directionOf, flag, records, text } from '../props.js';
import { useAction } from '../use-action.js';
import { labelId, useField } from './field.js';

export function Checkbox({ node }: { readonly node: Node<'Checkbox'> }) {
  const name = text(node.name);
  const { id, label, mark } = useField(name, node.label);
  const { run, isBusy } = useAction(node.onChangeAction, 'none');
  const said = text(node.label);
  return (
    <label className="w-check" data-disabled={flag(node.disabled) || undefined} aria-busy={isBusy || undefined}>
      <input
        key={String(flag(node.defaultChecked))}
        type="checkbox"
        id={id}
        aria-label={said ? undefined : label}
        {...mark}
        defaultChecked={flag(node.defaultChecked)}
        disabled={flag(node.disabled)}
        required={flag(node.required)}
        onChange={({ target }) => run({ [name]: target.checked })}
      />
      {said && <span>{said}</span>}
    </label>
  );
}

export function RadioGroup({ node }: { readonly node: Node<'RadioGroup'> }) {
  const name = text(node.name);
  const group = useId();
  const { id, label, mark } = useField(name, node.ariaLabel);
  const { run, isBusy } = useAction(node.onChangeAction, 'none');
  const options = records(node.options);
  const isDisabled = flag(node.disabled);
  return (
    <div
      key={text(node.defaultValue)}
      className="w-radios"
      role="radiogroup"
      aria-label={text(node.ariaLabel) || label}
      aria-labelledby={text(node.ariaLabel) || label ? undefined : labelId(id)}
      aria-required={flag(node.required) || undefined}
      aria-busy={isBusy || undefined}
      style={{ flexDirection: directionOf(node.direction) }}
    >
      {options.map((option, index) => {
        const value = text(option['value']);
        const isOff = isDisabled || flag(option['disabled']);
        return (
          <label key={value} className="w-check" data-disabled={isOff || undefined}>
            <input
              type="radio"
              // The group's label leads to its first choice.
              id={index === 0 ? id : undefined}
              name={group}
              {...mark}
              value={value}
              defaultChecked={value === text(node.defaultValue)}
              disabled={isOff}
              required={flag(node.required)}
              onChange={() => run({ [name]: value })}
            />
            <span>{text(option['label']) || value}</span>
          </label>
        );
      })}
    </div>
  );
}
