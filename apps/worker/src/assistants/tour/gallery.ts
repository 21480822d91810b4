import type { WidgetRoot } from '#chatkit';
import { CHOOSE, clicked, onPage, ORDER } from './widgets.js';

type Node = Extract<WidgetRoot, { type: 'Card' }>['children'][number];

const caption = (value: string): Node => ({ type: 'Caption', value });
const text = (value: string): Node => ({ type: 'Text', value });

const words: WidgetRoot = {
  type: 'Card',
  size: 'full',
  status: { text: 'Words and signs', icon: 'notebook' },
  children: [
    { type: 'Title', value: 'Title', size: 'lg' },
    {
      type: 'Text',
      value: 'Text, which may be long and goes on in the next line where there is no room for it in this one.',
    },
    { type: 'Text', value: 'Text in another weight and colour', weight: 'semibold', color: 'secondary' },
    caption('Caption'),
    {
      type: 'Markdown',
      value: 'Markdown with **bold** and _italic_ words, `code` and a [link](https://example.com/).',
    },
    {
      type: 'Row',
      gap: 2,
      wrap: 'wrap',
      children: (['secondary', 'success', 'danger', 'warning', 'info', 'discovery'] as const).map((color) => ({
        type: 'Badge',
        label: color,
        color,
      })),
    },
    {
      type: 'Row',
      gap: 3,
      children: (['star', 'globe', 'bolt', 'calendar', 'mail', 'map-pin'] as const).map((name) => ({
        type: 'Icon',
        name,
        size: 'lg',
      })),
    },
  ],
};

const layout: WidgetRoot = {
  type: 'Card',
  size: 'full',
  status: { text: 'Layout', icon: 'square-code' },
  children: [
    {
      type: 'Row',
      align: 'center',
      children: [text('Row: at its start'), { type: 'Spacer' }, text('and, after a Spacer, at its end')],
    },
    { type: 'Divider', spacing: 8 },
    {
      type: 'Row',
      gap: 3,
      wrap: 'wrap',
      children: [
        {
          type: 'Col',
          gap: 1,
          flex: 1,
          minWidth: 120,
          children: [text('Col'), caption('One below'), caption('the other')],
        },
        {
          type: 'Box',
          flex: 1,
          minWidth: 120,
          padding: 3,
          radius: 'md',
          background: 'surface-secondary',
          border: { size: 1 },
          children: [text('Box'), caption('With a border and a background')],
        },
        { type: 'Transition', children: { type: 'Box', minWidth: 120, children: [text('Transition')] } },
      ],
    },
  ],
};

const figures: WidgetRoot = {
  type: 'Card',
  size: 'full',
  status: { text: 'Figures', icon: 'chart' },
  children: [
    {
      type: 'Chart',
      height: 180,
      xAxis: 'day',
      showYAxis: true,
      showLegend: true,
      data: [
        { day: 'Mon', visits: 120, orders: 14, target: 100 },
        { day: 'Tue', visits: 180, orders: 21, target: 110 },
        { day: 'Wed', visits: 90, orders: 9, target: 120 },
        { day: 'Thu', visits: 210, orders: 30, target: 130 },
      ],
      series: [
        { type: 'bar', dataKey: 'visits', label: 'Visits' },
        { type: 'line', dataKey: 'target', label: 'Target' },
        { type: 'area', dataKey: 'orders', label: 'Orders' },
      ],
    },
    {
      type: 'Table',
      children: [
        ['Day', 'Visits', 'Orders'],
        ['Monday', '120', '14'],
        ['Thursday', '210', '30'],
      ].map((cells, index) => ({
        type: 'Table.Row' as const,
        header: index === 0,
        children: cells.map((value) => ({ type: 'Table.Cell' as const, children: [text(value)] })),
      })),
    },
    {
      type: 'Image',
      src: 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 60"%3E%3Crect width="160" height="60" fill="%2354698f"/%3E%3Ccircle cx="120" cy="24" r="14" fill="%23e8b04b"/%3E%3Cpath d="M0 60 50 22 90 60z" fill="%232f3d57"/%3E%3C/svg%3E',
      alt: 'Image: a hill under the sun',
      width: 160,
      height: 60,
      radius: 'md',
    },
  ],
};

const fruit = [
  { value: 'apple', label: 'Apples', description: 'From the garden' },
  { value: 'pear', label: 'Pears' },
  { value: 'quince', label: 'Quinces', disabled: true },
];

const controls: WidgetRoot = {
  type: 'Card',
  size: 'full',
  status: { text: 'Controls in a Form', icon: 'write' },
  children: [
    {
      type: 'Form',
      direction: 'col',
      gap: 3,
      onSubmitAction: clicked(ORDER),
      children: [
        { type: 'Label', value: 'Label of an Input', fieldName: 'gallery.name' },
        { type: 'Input', name: 'gallery.name', placeholder: 'Input' },
        { type: 'Label', value: 'Label of a Textarea', fieldName: 'gallery.note' },
        { type: 'Textarea', name: 'gallery.note', placeholder: 'Textarea', rows: 2 },
        { type: 'Select', name: 'gallery.fruit', placeholder: 'Select', options: fruit, clearable: true },
        { type: 'DatePicker', name: 'gallery.day', placeholder: 'DatePicker', clearable: true },
        { type: 'RadioGroup', name: 'gallery.size', ariaLabel: 'RadioGroup', direction: 'row', options: fruit },
        { type: 'Checkbox', name: 'gallery.sugar', label: 'Checkbox' },
        { type: 'Button', label: 'Submit the form', submit: true, style: 'primary' },
      ],
    },
  ],
};

/** Actions that the page carries out by itself, without the assistant, and one that it does not know. */
const buttons: WidgetRoot = {
  type: 'Card',
  size: 'full',
  status: { text: 'Buttons that the page itself answers', icon: 'bolt' },
  children: [
    {
      type: 'Row',
      gap: 2,
      wrap: 'wrap',
      children: [
        {
          type: 'Button',
          label: 'Dark',
          iconStart: 'square-image',
          onClickAction: onPage('set_theme', { theme: 'dark' }),
        },
        {
          type: 'Button',
          label: 'As my device',
          variant: 'outline',
          onClickAction: onPage('set_theme', { theme: 'system' }),
        },
        {
          type: 'Button',
          label: 'Copy a word',
          variant: 'soft',
          onClickAction: onPage('copy_to_clipboard', { text: 'ChatKit' }),
        },
        {
          type: 'Button',
          label: 'Open example.com',
          variant: 'ghost',
          iconEnd: 'external-link',
          onClickAction: onPage('open_link', { url: 'https://example.com/' }),
        },
        { type: 'Button', label: 'For another page', color: 'danger', onClickAction: onPage('spaceship.launch', {}) },
      ],
    },
  ],
};

const entries: WidgetRoot = {
  type: 'ListView',
  status: { text: 'ListView', icon: 'page-blank' },
  children: ['First', 'Second'].map((name) => ({
    type: 'ListViewItem',
    gap: 2,
    onClickAction: clicked(CHOOSE, { name }),
    children: [
      { type: 'Icon', name: 'circle-question' },
      { type: 'Text', value: `${name} ListViewItem` },
    ],
  })),
};

const bare: WidgetRoot = {
  type: 'Basic',
  gap: 1,
  children: [text('Basic: a widget without a card'), caption('As plain as it gets')],
};

/** Every kind of component that the protocol has. */
export const GALLERY: readonly WidgetRoot[] = [words, layout, figures, controls, buttons, entries, bare];
