import type { CSSProperties } from 'react';
import { optionalText } from '../props.js';
import { checkPattern, useTypedField } from './text-fields.js';

interface EditableTextProps {
  readonly value: string;
  readonly field: Readonly<Record<string, unknown>>;
  readonly size: string;
  readonly style: CSSProperties;
  readonly lines: number | undefined;
}

/** Text that can be changed in its place; a field of the form around it. */
export function EditableText({ value, field, size, style, lines }: EditableTextProps) {
  const pattern = optionalText(field['pattern']);
  const shared = useTypedField<HTMLTextAreaElement>({ ...field, defaultValue: value });
  return (
    <textarea
      key={value}
      {...shared}
      className="w-text w-editable"
      data-size={size}
      rows={lines ?? 1}
      autoComplete={optionalText(field['autoComplete']) ?? 'off'}
      style={style}
      onInput={pattern ? ({ currentTarget }) => checkPattern(currentTarget, pattern) : undefined}
    />
  );
}
