import { texts } from '../../../i18n/texts.js';
import { oneOf, optionalText } from '../props.js';
import { FIELD } from '../field-values.js';
import { useWidget } from '../widget-context.js';

const CONTROL_SIZES = ['3xs', '2xs', 'xs', 'sm', 'md', 'lg', 'xl', '2xl', '3xl'] as const;
export const controlSize = (value: unknown): string => oneOf(value, CONTROL_SIZES) ?? 'lg';
export const variantOf = (value: unknown, other: 'outline' | 'soft'): string =>
  oneOf(value, ['solid', 'soft', 'outline', 'ghost']) ?? other;

/** The id of a field's element, by which its label finds it. */
export const fieldId = (prefix: string, name: string): string => `${prefix}-${name.replace(/\s/g, '_')}`;

export const labelId = (field: string): string => `${field}-label`;

/** What every field needs: an id, its name for the form, and a name for screen readers if no label gives one. */
export function useField(name: string, ...names: readonly unknown[]) {
  const { prefix, labelled } = useWidget();
  const hint = names.map(optionalText).find((one) => one !== undefined) ?? name;
  return {
    id: fieldId(prefix, name),
    label: labelled.has(name) ? undefined : hint || texts.widgets.field,
    mark: { [FIELD]: name },
  };
}
