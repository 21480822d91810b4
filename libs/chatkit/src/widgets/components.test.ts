import { describe, expect, it } from 'vitest';
import type { WidgetNode } from '../protocol/widget.js';
import { WidgetComponent, type WidgetComponentOf, WidgetRoot } from './components.js';
import { IconName } from './icon-name.js';

const go = { type: 'go', payload: { to: null }, handler: 'client' as const, loadingBehavior: 'self' as const };
const text: WidgetComponent = { type: 'Text', id: 'body', value: 'Hi', streaming: true, editable: { name: 'body' } };
const choice = { value: 'a', label: 'A', disabled: false };

/** Each row of the table of [WG-2], with a prop of each sort. Typed, so that the types are tried, too. */
const components: WidgetComponent[] = [
  { type: 'ListViewItem', children: [text], onClickAction: go, gap: 2, align: 'center' },
  {
    type: 'Box',
    children: [text],
    direction: 'row',
    border: { x: { size: 1, color: { light: '#fff', dark: '#000' } } },
  },
  { type: 'Row', justify: 'between', wrap: 'wrap', padding: { x: 2, top: '1rem' }, radius: '100%', border: 1 },
  { type: 'Col', children: [], flex: 'auto', gap: '1rem', aspectRatio: 1.5, minSize: 10, background: 'surface' },
  { type: 'Form', children: [text], onSubmitAction: go, direction: 'col' },
  { type: 'Spacer', minSize: 'auto' },
  { type: 'Divider', color: 'strong', size: 2, spacing: 4, flush: true },
  { type: 'Transition', children: text },
  { type: 'Transition', children: null },
  text,
  { type: 'Text', value: '', editable: false, size: 'xl', textAlign: 'end', maxLines: 2 },
  { type: 'Markdown', value: '**Hi**', streaming: false },
  { type: 'Title', value: 'Hi', size: '5xl', weight: 'semibold' },
  { type: 'Caption', value: 'Hi', size: 'lg', truncate: true },
  { type: 'Badge', label: 'New', color: 'discovery', variant: 'soft', size: 'sm', pill: true },
  { type: 'Icon', name: 'book-open', size: '3xl' },
  { type: 'Image', src: 'https://img.example/1', fit: 'scale-down', position: 'top left', height: 40 },
  { type: 'Button', label: 'Go', onClickAction: go, iconStart: 'lucide:pencil', style: 'primary', color: 'caution' },
  { type: 'Input', name: 'mail', inputType: 'email', gutterSize: 'sm', variant: 'outline' },
  { type: 'Textarea', name: 'why', rows: 3, autoResize: true, maxRows: 9 },
  { type: 'Select', name: 'prio', options: [{ ...choice, description: 'first' }], searchable: true, variant: 'ghost' },
  { type: 'DatePicker', name: 'day', min: '2026-01-31', side: 'top', align: 'start', clearable: true },
  { type: 'Checkbox', name: 'ok', defaultChecked: true, onChangeAction: go },
  { type: 'RadioGroup', name: 'prio', options: [choice], ariaLabel: 'Priority', direction: 'row' },
  { type: 'Label', value: 'Mail', fieldName: 'mail', size: '3xs' },
  {
    type: 'Chart',
    data: [{ day: 'Mon', sum: 3 }],
    series: [
      { type: 'bar', dataKey: 'sum', stack: 'a' },
      { type: 'line', dataKey: 'sum', curveType: 'monotoneX' },
    ],
    xAxis: { dataKey: 'day', hide: true, labels: { Mon: 'Monday' } },
  },
  {
    type: 'Table',
    children: [{ type: 'Table.Row', header: true, children: [{ type: 'Table.Cell', children: [text], colSpan: 2 }] }],
  },
];

const roots: WidgetRoot[] = [
  { type: 'Card', children: [text], asForm: true, size: 'full', status: { text: 'New', icon: 'star' }, theme: 'dark' },
  { type: 'Card', children: [], confirm: { label: 'Yes', action: go }, cancel: { label: 'No', action: go }, border: 1 },
  {
    type: 'ListView',
    children: [{ type: 'ListViewItem', children: [] }],
    limit: 'auto',
    status: { text: 'a', frame: true },
  },
  { type: 'Basic', children: text, direction: 'row' },
  { type: 'Basic', children: [text] },
  { type: 'Basic' },
];

describe('the components of the table [WG-2]', () => {
  it.each(components)('$type is read as it is written', (component) => {
    expect(WidgetComponent.parse(component)).toEqual(component);
  });

  it.each(roots)('$type can be a root [WG-1]', (root) => {
    expect(WidgetRoot.parse(root)).toEqual(root);
    const onWire: WidgetNode = root;
    expect(onWire.type).toBe(root.type);
  });

  it('keep props that they do not know, at every depth [WG-5]', () => {
    const glow = { type: 'Badge', label: 'New', glow: 3 };
    const card = {
      type: 'Card',
      shadow: 1,
      children: [{ type: 'Row', children: [glow], border: { size: 1, soft: true } }],
    };
    expect(WidgetRoot.parse(card)).toEqual(card);
  });

  it.each([
    { type: 'Hologram' },
    { type: 'Text' },
    { type: 'Text', value: 'Hi', weight: 'heavy' },
    { type: 'Text', value: 'Hi', editable: true },
    { type: 'Badge', label: 'New', variant: 'ghost' },
    { type: 'Icon', name: 'unicorn' },
    { type: 'Row', children: [{ type: 'Text' }] },
    { type: 'Row', radius: 'round' },
    { type: 'Transition', children: [text] },
    { type: 'Checkbox', name: 'ok', defaultChecked: 'yes' },
    { type: 'Chart', data: [], series: [{ type: 'pie', dataKey: 'a' }], xAxis: 'a' },
    { type: 'Card', children: [] },
  ])('refuse %j', (component) => {
    expect(WidgetComponent.safeParse(component).success).toBe(false);
  });

  it.each([
    { type: 'Row', children: [] },
    { type: 'Card' },
    { type: 'ListView', children: [text] },
    { type: 'Card', children: [], size: 'xl' },
  ])('are no root when they are %j', (root) => {
    expect(WidgetRoot.safeParse(root).success).toBe(false);
  });
});

describe('the types of the components', () => {
  it('refuse what the schemas refuse', () => {
    // @ts-expect-error there is no such weight
    const heavy: WidgetComponentOf<'Text'> = { type: 'Text', value: 'Hi', weight: 'heavy' };
    // @ts-expect-error a title has text
    const empty: WidgetComponent = { type: 'Title' };
    // @ts-expect-error a list holds list items
    const list: WidgetRoot = { type: 'ListView', children: [text] };
    // @ts-expect-error there is no such icon
    const icon: IconName = 'unicorn';
    expect([heavy, empty, list].some((node) => WidgetComponent.safeParse(node).success)).toBe(false);
    expect(IconName.safeParse(icon).success).toBe(false);
  });
});

describe('an icon', () => {
  it.each(['agent', 'write-alt2', 'vendor:acme', 'lucide:pencil'])('may be %s', (name) => {
    expect(IconName.parse(name)).toBe(name);
  });

  it.each(['', 'Agent', 'material:pencil', 'xlucide:pencil', 7])('may not be %j', (name) => {
    expect(IconName.safeParse(name).success).toBe(false);
  });
});
