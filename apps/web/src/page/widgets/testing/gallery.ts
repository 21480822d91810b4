import { z } from 'zod';
import { WidgetComponent, WidgetRoot } from '../../../../../../libs/chatkit/src/widgets/components.js';
import { Borders, Color, Length, Spacing } from '../../../../../../libs/chatkit/src/widgets/widget-props.js';
import type { AnyNode, Kind } from '../kind.js';

type Shape = Readonly<Record<string, z.ZodType>>;

/** The props of every component that the library has. */
export const SHAPES: Readonly<Record<string, Shape>> = Object.fromEntries(
  [WidgetComponent, WidgetRoot].flatMap((union) =>
    (union as unknown as z.ZodDiscriminatedUnion<z.ZodObject[]>).options.map((option) => {
      const { type, ...props } = option.shape as unknown as Shape & { readonly type: z.ZodLiteral<string> };
      return [type.value, props] as const;
    }),
  ),
);

const PIXEL =
  'data:image/svg+xml;utf8,<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><rect width="120" height="80" fill="teal"/><circle cx="60" cy="40" r="28" fill="orange"/></svg>';
const SAMPLE_TEXT = { type: 'Text', value: 'Text' } as const;
const OPTIONS = [
  { value: 'a', label: 'Apples', description: 'From the garden' },
  { value: 'p', label: 'Pears', disabled: true },
  { value: 'q', label: 'Quinces' },
];
const LONG = 'A text that is long enough to be cut off or to be written on several lines of a card.';

/** The least that each kind needs to be seen. */
const BASES: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  Card: { children: [SAMPLE_TEXT] },
  ListView: {
    children: ['One', 'Two', 'Three'].map((value) => ({ type: 'ListViewItem', children: [{ type: 'Text', value }] })),
  },
  ListViewItem: { children: [SAMPLE_TEXT] },
  Basic: { children: [SAMPLE_TEXT] },
  Box: { children: [SAMPLE_TEXT, SAMPLE_TEXT] },
  Row: { children: [SAMPLE_TEXT, SAMPLE_TEXT] },
  Col: { children: [SAMPLE_TEXT, SAMPLE_TEXT] },
  Form: { children: [{ type: 'Input', name: 'inner', placeholder: 'Inner' }] },
  Spacer: {},
  Divider: {},
  Transition: { children: SAMPLE_TEXT },
  Table: { children: [{ type: 'Table.Row', children: [{ type: 'Table.Cell', children: [SAMPLE_TEXT] }] }] },
  'Table.Row': { children: [{ type: 'Table.Cell', children: [SAMPLE_TEXT] }] },
  'Table.Cell': { children: [SAMPLE_TEXT] },
  Text: { value: LONG },
  Markdown: { value: 'Some **bold** words and `code`.' },
  Title: { value: LONG },
  Caption: { value: LONG },
  Badge: { label: 'Badge' },
  Icon: { name: 'sparkle' },
  Image: { src: PIXEL, alt: 'A disc', width: 120, height: 80 },
  Label: { value: 'Label', fieldName: 'labelled' },
  Chart: {
    data: [
      { month: 'Jan', a: 3, b: 5 },
      { month: 'Feb', a: 6, b: 2 },
      { month: 'Mar', a: -2, b: 7 },
    ],
    series: [
      { type: 'bar', dataKey: 'a' },
      { type: 'line', dataKey: 'b' },
    ],
    xAxis: 'month',
  },
  Button: { label: 'Button', iconStart: 'star', iconEnd: 'chevron-right' },
  Input: { name: 'field', placeholder: 'Input' },
  Textarea: { name: 'field', placeholder: 'Textarea' },
  Select: { name: 'field', options: OPTIONS, defaultValue: 'a' },
  DatePicker: { name: 'field', defaultValue: '2026-11-30' },
  Checkbox: { name: 'field', label: 'Checkbox' },
  RadioGroup: { name: 'field', ariaLabel: 'Fruit', options: OPTIONS, defaultValue: 'a' },
};

/** Values for props that are not enumerated, by their schema or by their name. */
const SAMPLES: ReadonlyMap<z.ZodType, readonly unknown[]> = new Map<z.ZodType, readonly unknown[]>([
  [Length, [12, '50%', '40px']],
  [Color, ['secondary', 'danger', 'blue-500', 'alpha-10', '#0a7', { light: '#063', dark: '#9fd' }]],
  [Spacing, [2, '8px', { x: 4, y: 1 }, { top: 1, right: 2, bottom: 3, left: 4 }]],
  [Borders, [1, { size: 2, color: 'danger', style: 'dashed' }, { y: 1, left: { size: 3 } }]],
]);
const ACTION = { type: 'gallery' };
const NAMED: Readonly<Record<string, readonly unknown[]>> = {
  action: [ACTION],
  confirm: [{ label: 'Yes', action: ACTION }],
  cancel: [{ label: 'No', action: ACTION }],
  status: [
    { text: 'From the archive', icon: 'document' },
    { text: 'example.org', favicon: PIXEL, frame: true },
  ],
  limit: [2, 'auto'],
  maxLines: [1, 2],
  minLines: [3],
  rows: [2],
  maxRows: [4],
  aspectRatio: [1, '16/9'],
  min: ['2026-11-10'],
  max: ['2026-12-24'],
  editable: [false, { name: 'inline', placeholder: 'Write', required: true }],
  xAxis: [
    { dataKey: 'month', labels: { Jan: 'January' } },
    { dataKey: 'month', hide: true },
  ],
  series: [
    ['basis', 'basisClosed', 'basisOpen', 'bumpX', 'bumpY', 'bump', 'linear', 'linearClosed'],
    ['natural', 'monotoneX', 'monotoneY', 'monotone', 'step', 'stepBefore', 'stepAfter'],
  ].flatMap((curves) =>
    curves.map((curveType) => [
      { type: 'area', dataKey: 'a', stack: 's', curveType },
      { type: 'line', dataKey: 'b', curveType, label: curveType, color: 'purple-500' },
      { type: 'bar', dataKey: 'b', stack: 's' },
    ]),
  ),
  barGap: [0, 8],
  barCategoryGap: [0, 24],
  colSpan: [2],
  rowSpan: [2],
  src: ['https://images.example.com/elsewhere.png', PIXEL],
  iconStart: ['bolt'],
  iconEnd: ['lucide:banana'],
};

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly options?: readonly z.ZodType[];
}
const definitionOf = (schema: z.ZodType): Definition => schema.def;

/** Values of a prop: all that are enumerated, some of others. */
function valuesOf(prop: string, schema: z.ZodType): readonly unknown[] {
  const known = SAMPLES.get(schema) ?? NAMED[prop.endsWith('Action') ? 'action' : prop];
  if (known) return known;
  const { type, innerType, entries, values, options } = definitionOf(schema);
  if (innerType) return valuesOf(prop, innerType);
  if (entries) return Object.values(entries);
  if (type === 'boolean') return [true, false];
  if (type === 'union') return (options ?? []).flatMap((option) => valuesOf(prop, option));
  return values ?? [];
}

const inside = (node: AnyNode): AnyNode => {
  switch (node.type) {
    case 'Card':
    case 'ListView':
    case 'Basic':
      return node;
    case 'ListViewItem':
      return { type: 'ListView', children: [node] };
    case 'Table.Row':
      return inside({ type: 'Table', children: [node] });
    case 'Table.Cell':
      return inside({ type: 'Table.Row', children: [node] });
    default:
      return { type: 'Card', size: 'full', children: [node] };
  }
};

export interface Exhibit {
  readonly name: string;
  readonly node: AnyNode;
  readonly root: AnyNode;
}

const exhibit = (name: string, node: AnyNode): Exhibit => ({ name, node, root: inside(node) });

/** Each kind of component once, then once for each value of each of its props. */
export function gallery(): Exhibit[] {
  return Object.entries(BASES).flatMap(([type, base]) => {
    const variants = Object.entries(SHAPES[type] ?? {}).flatMap(([prop, schema]) =>
      prop === 'children'
        ? []
        : valuesOf(prop, schema).map((value) =>
            exhibit(`${type} ${prop}=${JSON.stringify(value)}`, { type, ...base, [prop]: value }),
          ),
    );
    return [exhibit(type, { type, ...base }), ...variants];
  });
}
