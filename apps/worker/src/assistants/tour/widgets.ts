import type { Action, WidgetRoot } from '#chatkit';

/** The clicks that the tour answers, by the types of their actions. */
export const ORDER = 'tour.order';
export const LIKE = 'tour.like';
export const CHOOSE = 'tour.choose';
export const REMOVE = 'tour.remove';

export const clicked = (type: string, payload: object = {}, streaming = true) => ({
  type,
  payload,
  handler: 'server' as const,
  ...(!streaming && { streaming }),
});

/** An action that the page carries out by itself. */
export const onPage = (type: string, payload: object) => ({ type, payload, handler: 'client' as const });

/** A card whose text grows while it is written. */
export const introduction = (text: string): WidgetRoot => ({
  type: 'Card',
  size: 'md',
  status: { text: 'Written by the assistant', icon: 'sparkle' },
  children: [
    {
      type: 'Row',
      align: 'center',
      gap: 2,
      children: [
        { type: 'Icon', name: 'cube', size: 'lg' },
        { type: 'Title', value: 'A card', size: 'md' },
        { type: 'Spacer' },
        { type: 'Badge', label: 'streams', color: 'info' },
      ],
    },
    { type: 'Markdown', id: 'text', value: text, streaming: true },
  ],
});

/** A card with buttons: `Like` is answered with JSON and at once, the others with events. */
export const card = (likes: number): WidgetRoot => ({
  type: 'Card',
  children: [
    { type: 'Title', value: 'Buttons', size: 'sm' },
    { type: 'Caption', value: 'One is answered with a stream, the other with JSON.' },
    {
      type: 'Row',
      gap: 2,
      children: [
        {
          type: 'Button',
          label: 'Order',
          style: 'primary',
          iconStart: 'check',
          onClickAction: clicked(ORDER, { name: 'tea', count: 1 }),
        },
        {
          type: 'Button',
          label: `Like (${likes})`,
          iconStart: 'star',
          onClickAction: clicked(LIKE, { likes: likes + 1 }, false),
        },
        {
          type: 'Button',
          label: 'Remove this card',
          style: 'secondary',
          color: 'danger',
          onClickAction: clicked(REMOVE),
        },
      ],
    },
  ],
});

const CITIES = ['Bern', 'Kyoto', 'Quito', 'Windhoek'];

/** A list with an action for each entry, of which three are shown at first. */
export const list: WidgetRoot = {
  type: 'ListView',
  limit: 3,
  status: { text: 'Four cities', icon: 'globe' },
  children: CITIES.map((city) => ({
    type: 'ListViewItem',
    gap: 3,
    onClickAction: clicked(CHOOSE, { city }),
    children: [
      { type: 'Icon', name: 'map-pin' },
      {
        type: 'Col',
        children: [
          { type: 'Text', value: city, weight: 'semibold' },
          { type: 'Caption', value: 'Click it' },
        ],
      },
    ],
  })),
};

/** Bars and a line over the same rows, and a table of them. */
export const chart: WidgetRoot = {
  type: 'Card',
  size: 'lg',
  children: [
    { type: 'Title', value: 'Rain and sun', size: 'sm' },
    {
      type: 'Chart',
      height: 220,
      xAxis: 'month',
      showYAxis: true,
      showLegend: true,
      showTooltip: true,
      data: [
        { month: 'Jan', rain: 61, sun: 64 },
        { month: 'Apr', rain: 82, sun: 151 },
        { month: 'Jul', rain: 112, sun: 226 },
        { month: 'Oct', rain: 88, sun: 112 },
      ],
      series: [
        { type: 'bar', dataKey: 'rain', label: 'Rain (mm)' },
        { type: 'line', dataKey: 'sun', label: 'Sun (h)', curveType: 'monotone' },
      ],
    },
    { type: 'Divider' },
    {
      type: 'Table',
      children: [
        { type: 'Table.Row', header: true, children: ['Month', 'Rain', 'Sun'].map((value) => cell(value)) },
        { type: 'Table.Row', children: ['July', '112 mm', '226 h'].map((value) => cell(value)) },
      ],
    },
    {
      type: 'Image',
      src: 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 20"%3E%3Crect width="120" height="20" rx="10" fill="%2354698f"/%3E%3C/svg%3E',
      alt: 'A blue bar',
      height: 20,
      width: 120,
    },
  ],
};

function cell(value: string) {
  return { type: 'Table.Cell' as const, children: [{ type: 'Text' as const, value }] };
}

/** Every control in one form, with its buttons at the card's end. */
export const form: WidgetRoot = {
  type: 'Card',
  asForm: true,
  confirm: { label: 'Order', action: clicked(ORDER) },
  cancel: { label: 'No, thank you', action: clicked(REMOVE) },
  children: [
    { type: 'Title', value: 'A form in a card', size: 'sm' },
    { type: 'Label', value: 'What would you like?', fieldName: 'name' },
    { type: 'Input', name: 'name', placeholder: 'Tea', defaultValue: 'Tea', required: true },
    {
      type: 'Select',
      name: 'size',
      placeholder: 'Size',
      defaultValue: 'm',
      options: [
        { value: 's', label: 'Small' },
        { value: 'm', label: 'Medium' },
        { value: 'l', label: 'Large' },
      ],
    },
    {
      type: 'RadioGroup',
      name: 'place',
      ariaLabel: 'Where',
      defaultValue: 'here',
      direction: 'row',
      options: [
        { value: 'here', label: 'Here' },
        { value: 'away', label: 'To take away' },
      ],
    },
    { type: 'DatePicker', name: 'day', placeholder: 'Day' },
    { type: 'Checkbox', name: 'sugar', label: 'With sugar', defaultChecked: false },
    { type: 'Textarea', name: 'note', placeholder: 'Anything else?', rows: 2 },
  ],
};

/** What becomes of a widget after its click. */
export const done = (title: string, text: string): WidgetRoot => ({
  type: 'Card',
  children: [
    {
      type: 'Row',
      gap: 2,
      align: 'center',
      children: [
        { type: 'Icon', name: 'check-circle' },
        { type: 'Title', value: title, size: 'sm' },
      ],
    },
    { type: 'Text', value: text },
  ],
});

/** A payload comes from a browser: only what is readable of it is shown. */
export function written({ payload }: Action): string {
  if (typeof payload !== 'object' || payload === null) return '';
  const fields = Object.entries(payload).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return fields.map(([name, value]) => `${name}: ${String(value).slice(0, 100)}`).join(', ');
}
