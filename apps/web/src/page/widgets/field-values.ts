import type { FieldValues } from '../../protocol/widgets.js';

/** Marks an element that holds the value of a field. */
export const FIELD = 'data-field';

type Field = HTMLInputElement | HTMLTextAreaElement;

/** The values of the fields in an element by their names. Checkboxes are true or false; fields without a choice are left out. */
export function fieldValues(element: Element): FieldValues {
  const fields = [...element.querySelectorAll<Field>(`[${FIELD}]`)];
  const named = fields.map((field) => [field.getAttribute(FIELD) ?? '', valueOf(field)] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

function valueOf(field: Field): unknown {
  if (field.type === 'checkbox') return (field as HTMLInputElement).checked;
  if (field.type === 'radio') return (field as HTMLInputElement).checked ? field.value : undefined;
  return field.value;
}

/** Whether all fields in the element hold what is required of them; the first that does not says so. */
export function areValid(element: Element): boolean {
  const wrong = [...element.querySelectorAll<Field>(`[${FIELD}]`)].find((field) => !field.checkValidity());
  wrong?.reportValidity();
  return wrong === undefined;
}
