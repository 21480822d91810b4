import { type FocusEvent, useEffect, useRef } from 'react';
import type { Node } from '../kind.js';
import { count, flag, oneOf, optionalText, text } from '../props.js';
import { controlSize, useField, variantOf } from './field.js';

const TYPES = ['number', 'email', 'text', 'password', 'tel', 'url'] as const;

interface TypedNode {
  readonly name?: unknown;
  readonly defaultValue?: unknown;
  readonly required?: unknown;
  readonly pattern?: unknown;
  readonly placeholder?: unknown;
  readonly allowAutofillExtensions?: unknown;
  readonly autoSelect?: unknown;
  readonly autoFocus?: unknown;
  readonly disabled?: unknown;
  readonly variant?: unknown;
  readonly size?: unknown;
  readonly gutterSize?: unknown;
}

/** Password managers leave fields alone that say so, each in its own way. */
const NO_EXTENSIONS = {
  'data-1p-ignore': true,
  'data-lpignore': true,
  'data-bwignore': true,
  'data-form-type': 'other',
};

const selectAll = ({ currentTarget }: FocusEvent<HTMLInputElement | HTMLTextAreaElement>): void =>
  currentTarget.select();

export function useTypedField<Element extends HTMLInputElement | HTMLTextAreaElement>(node: TypedNode) {
  const element = useRef<Element>(null);
  const { id, label, mark } = useField(text(node.name), node.placeholder);
  const wantsFocus = flag(node.autoFocus);
  useEffect(() => {
    // By a script, as the attribute works only while a page loads; and never away from what a person is writing.
    const { activeElement } = document;
    const isTyping = activeElement instanceof HTMLTextAreaElement && activeElement.value !== '';
    if (wantsFocus && !isTyping) element.current?.focus({ preventScroll: true });
  }, [wantsFocus]);
  return {
    ref: element,
    id,
    'aria-label': label,
    ...mark,
    ...(!flag(node.allowAutofillExtensions) && NO_EXTENSIONS),
    defaultValue: text(node.defaultValue),
    required: flag(node.required),
    placeholder: optionalText(node.placeholder),
    disabled: flag(node.disabled),
    onFocus: flag(node.autoSelect) ? selectAll : undefined,
    'data-variant': variantOf(node.variant, 'outline'),
    'data-size': controlSize(node.size),
    'data-gutter': optionalText(node.gutterSize),
  };
}

export function Input({ node }: { readonly node: Node<'Input'> }) {
  const type = oneOf(node.inputType, TYPES) ?? 'text';
  return (
    <input
      // A new default of the server begins anew.
      key={text(node.defaultValue)}
      {...useTypedField<HTMLInputElement>(node)}
      className="w-input"
      type={type}
      step={type === 'number' ? 'any' : undefined}
      pattern={optionalText(node.pattern)}
      autoComplete={flag(node.allowAutofillExtensions) ? undefined : 'off'}
      data-pill={flag(node.pill) || undefined}
    />
  );
}

export function Textarea({ node }: { readonly node: Node<'Textarea'> }) {
  const { autoResize, maxRows } = node;
  const pattern = optionalText(node.pattern);
  return (
    <textarea
      key={text(node.defaultValue)}
      {...useTypedField<HTMLTextAreaElement>(node)}
      className="w-input w-textarea"
      rows={count(node.rows) ?? 3}
      data-resize={flag(autoResize) || undefined}
      style={{ maxBlockSize: count(maxRows) && `calc(${count(maxRows)}lh + 1.2rem)` }}
      onInput={pattern ? ({ currentTarget }) => checkPattern(currentTarget, pattern) : undefined}
    />
  );
}

/** Only `<input>` has patterns of its own. A pattern that is none allows everything, as there. */
export function checkPattern(element: HTMLTextAreaElement, pattern: string): void {
  element.setCustomValidity(matches(element.value, pattern) ? '' : element.title || pattern);
}

function matches(value: string, pattern: string): boolean {
  try {
    return value === '' || new RegExp(`^(?:${pattern})$`, 'v').test(value);
  } catch {
    return true;
  }
}
