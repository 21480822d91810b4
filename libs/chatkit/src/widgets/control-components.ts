import { z } from 'zod';
import { ActionConfig } from '../protocol/action.js';
import { IconName } from './icon-name.js';
import { Align, component, ControlSize, Direction, Variant } from './widget-props.js';

// Components that a person clicks or fills in [WG-2]. Inside a form, their `name` is the key of their value in the
// payload (docs/protocol/data-model.md, "Actions in widgets").

const flag = z.boolean().optional();
const words = z.string().optional();
const action = ActionConfig.optional();
const look = { variant: Variant.optional(), size: ControlSize.optional(), pill: flag };

export const ButtonComponent = component('Button', {
  label: words,
  submit: flag,
  onClickAction: action,
  iconStart: IconName.optional(),
  iconEnd: IconName.optional(),
  style: z.enum(['primary', 'secondary']).optional(),
  iconSize: z.enum(['sm', 'md', 'lg', 'xl', '2xl']).optional(),
  color: z.enum(['primary', 'secondary', 'info', 'discovery', 'success', 'caution', 'warning', 'danger']).optional(),
  ...look,
  uniform: flag,
  block: flag,
  disabled: flag,
});

const typed = {
  name: z.string(),
  defaultValue: words,
  required: flag,
  pattern: words,
  placeholder: words,
  allowAutofillExtensions: flag,
  autoSelect: flag,
  autoFocus: flag,
  disabled: flag,
  variant: z.enum(['soft', 'outline']).optional(),
  size: ControlSize.optional(),
  gutterSize: ControlSize.optional(),
};

export const InputComponent = component('Input', {
  ...typed,
  inputType: z.enum(['number', 'email', 'text', 'password', 'tel', 'url']).optional(),
  pill: flag,
});

export const TextareaComponent = component('Textarea', {
  ...typed,
  rows: z.int().optional(),
  autoResize: flag,
  maxRows: z.int().optional(),
});

const option = { value: z.string(), label: z.string(), disabled: flag };

export const SelectComponent = component('Select', {
  name: z.string(),
  options: z.array(z.looseObject({ ...option, description: words })),
  onChangeAction: action,
  placeholder: words,
  defaultValue: words,
  ...look,
  block: flag,
  clearable: flag,
  disabled: flag,
  searchable: flag,
});

/** Dates are ISO 8601. */
export const DatePickerComponent = component('DatePicker', {
  name: z.string(),
  onChangeAction: action,
  placeholder: words,
  defaultValue: words,
  min: words,
  max: words,
  ...look,
  side: z.enum(['top', 'bottom', 'left', 'right']).optional(),
  align: Align.optional(),
  block: flag,
  clearable: flag,
  disabled: flag,
});

export const CheckboxComponent = component('Checkbox', {
  name: z.string(),
  label: words,
  defaultChecked: flag,
  onChangeAction: action,
  disabled: flag,
  required: flag,
});

export const RadioGroupComponent = component('RadioGroup', {
  name: z.string(),
  options: z.array(z.looseObject(option)).optional(),
  ariaLabel: words,
  onChangeAction: action,
  defaultValue: words,
  direction: Direction.optional(),
  disabled: flag,
  required: flag,
});
