import { expect, it } from 'vitest';
import type { z } from 'zod';
import { WidgetRoot } from '#chatkit';
import { WidgetComponent } from '../../../libs/chatkit/src/widgets/components.js';
import { GALLERY } from '../../../apps/worker/src/assistants/tour/gallery.js';

const kindsOf = (union: unknown): string[] =>
  (union as z.ZodDiscriminatedUnion<z.ZodObject[]>).options.map(
    ({ shape }) => (shape['type'] as unknown as z.ZodLiteral<string>).value,
  );

/** The kinds of the components in a tree. */
function kindsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(kindsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, children, series: _series, ...rest } = value as Record<string, unknown>;
  return [...(typeof type === 'string' ? [type] : []), ...kindsIn(children), ...kindsIn(rest['footer'])];
}

it('is valid, and has every kind of component that the protocol has', () => {
  for (const widget of GALLERY) expect(WidgetRoot.parse(widget)).toBeTruthy();
  const known = new Set([...kindsOf(WidgetComponent), ...kindsOf(WidgetRoot)]);
  expect([...new Set(kindsIn(GALLERY))].toSorted()).toEqual([...known].toSorted());
});
