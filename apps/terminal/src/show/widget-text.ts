import type { WidgetNode } from '../../../web/src/protocol/items/widget.js';
import { fields, listOf, optionalText, text } from '../../../web/src/protocol/read-fields.js';
import { readAction, type WidgetAction } from '../../../web/src/protocol/widgets.js';
import { oneLine, plain } from '../plain.js';

/** Something in a widget that can be chosen. */
export interface Choice {
  readonly label: string;
  readonly action: WidgetAction;
}

/** A widget as text: its lines, what can be chosen, and the names of its fields. */
export interface WidgetText {
  readonly lines: readonly string[];
  readonly choices: readonly Choice[];
  readonly fields: readonly string[];
}

interface Writing {
  readonly lines: string[];
  readonly choices: Choice[];
  readonly fields: string[];
}

export function widgetText(widget: WidgetNode): WidgetText {
  const writing: Writing = { lines: [], choices: [], fields: [] };
  visit(widget, writing);
  return writing;
}

function visit(value: unknown, writing: Writing): void {
  const node = fields(value);
  if (!node) return;
  const said = wordsOf(node);
  if (said !== undefined) writing.lines.push(said);
  const name = optionalText(node['name']);
  if (name !== undefined && isField(node)) {
    writing.fields.push(name);
    writing.lines.push(`${name}: ${fieldOf(node)}`);
  }
  if (node['type'] === 'Table.Row') return visitRow(node, writing);
  for (const child of childrenOf(node)) visit(child, writing);
  choose(node, writing);
}

function visitRow(row: Readonly<Record<string, unknown>>, writing: Writing): void {
  const cells = childrenOf(row).map((cell) => widgetText({ type: 'Table.Cell', ...fields(cell) }).lines.join(' '));
  writing.lines.push(cells.join(' | '));
}

const childrenOf = (node: Readonly<Record<string, unknown>>): readonly unknown[] => {
  const { children } = node;
  return Array.isArray(children) ? children : children === undefined ? [] : [children];
};

function wordsOf(node: Readonly<Record<string, unknown>>): string | undefined {
  switch (node['type']) {
    case 'Text':
    case 'Title':
    case 'Caption':
    case 'Markdown':
    case 'Label':
      return plain(text(node['value']));
    case 'Badge':
      return `(${oneLine(text(node['label']))})`;
    case 'Image':
      return `[image${optionalText(node['alt']) ? `: ${oneLine(text(node['alt']))}` : ''}]`;
    case 'Divider':
      return '──────────';
    case 'Chart':
      return listOf(node['data'])
        .map((row) => oneLine(JSON.stringify(row)))
        .join('\n');
    default: {
      const status = optionalText(fields(node['status'])?.['text']);
      return status === undefined ? undefined : oneLine(status);
    }
  }
}

const FIELDS: ReadonlySet<unknown> = new Set(['Input', 'Textarea', 'Select', 'DatePicker', 'Checkbox', 'RadioGroup']);
const isField = ({ type }: Readonly<Record<string, unknown>>): boolean => FIELDS.has(type);

function fieldOf(node: Readonly<Record<string, unknown>>): string {
  const options = listOf(node['options']).map((option) => text(option['value']));
  if (options.length > 0) return oneLine(options.join(' | '));
  if (node['type'] === 'Checkbox') return 'true | false';
  return oneLine(text(node['placeholder'])) || '…';
}

/** What a node offers to be chosen: a button, an entry of a list, the ends of a card and of a form. */
function choose(node: Readonly<Record<string, unknown>>, { choices, lines }: Writing): void {
  const { type } = node;
  const add = (label: string, value: unknown): void => {
    const action = readAction(value);
    if (!action) return;
    choices.push({ label, action });
    lines.push(`[${choices.length}] ${label}`);
  };
  add(oneLine(text(node['label'])) || (type === 'ListViewItem' ? 'choose this' : 'OK'), node['onClickAction']);
  for (const end of ['confirm', 'cancel'])
    add(oneLine(text(fields(node[end])?.['label'])) || end, fields(node[end])?.['action']);
  add('Send', node['onSubmitAction']);
}
