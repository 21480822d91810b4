import { z } from 'zod';
import { ActionConfig } from '../protocol/action.js';
import { ChartComponent } from './chart-component.js';
import {
  BadgeComponent,
  CaptionComponent,
  DividerComponent,
  IconComponent,
  ImageComponent,
  LabelComponent,
  MarkdownComponent,
  SpacerComponent,
  TextComponent,
  TitleComponent,
} from './content-components.js';
import {
  ButtonComponent,
  CheckboxComponent,
  DatePickerComponent,
  InputComponent,
  RadioGroupComponent,
  SelectComponent,
  TextareaComponent,
} from './control-components.js';
import { IconName } from './icon-name.js';
import {
  Align,
  block,
  Borders,
  box,
  Color,
  component,
  Direction,
  Justify,
  Length,
  Spacing,
  Theme,
} from './widget-props.js';

const leaves = [
  SpacerComponent,
  DividerComponent,
  TextComponent,
  MarkdownComponent,
  TitleComponent,
  CaptionComponent,
  BadgeComponent,
  IconComponent,
  ImageComponent,
  LabelComponent,
  ChartComponent,
  ButtonComponent,
  InputComponent,
  TextareaComponent,
  SelectComponent,
  DatePickerComponent,
  CheckboxComponent,
  RadioGroupComponent,
] as const;

// Components that contain others. Their own props and their children are typed separately, because a type that is
// inferred from a schema cannot contain itself.
const status = z.looseObject({
  text: z.string(),
  favicon: z.string().optional(),
  frame: z.boolean().optional(),
  icon: IconName.optional(),
});
const button = z.looseObject({ label: z.string(), action: ActionConfig });

const cardProps = component('Card', {
  asForm: z.boolean().optional(),
  background: Color.optional(),
  border: Borders.optional(),
  size: z.enum(['sm', 'md', 'lg', 'full']).optional(),
  padding: Spacing.optional(),
  status: status.optional(),
  collapsed: z.boolean().optional(),
  confirm: button.optional(),
  cancel: button.optional(),
  theme: Theme.optional(),
});
const listViewProps = component('ListView', {
  limit: z.union([z.int(), z.literal('auto')]).optional(),
  status: status.optional(),
  theme: Theme.optional(),
});
const listViewItemProps = component('ListViewItem', {
  onClickAction: ActionConfig.optional(),
  gap: Length.optional(),
  align: Align.optional(),
});
const basicProps = component('Basic', {
  theme: Theme.optional(),
  direction: Direction.optional(),
  gap: Length.optional(),
  padding: Spacing.optional(),
  align: Align.optional(),
  justify: Justify.optional(),
});
const boxProps = component('Box', { ...box, direction: Direction.optional() });
const rowProps = component('Row', box);
const colProps = component('Col', box);
const formProps = component('Form', {
  ...box,
  onSubmitAction: ActionConfig.optional(),
  direction: Direction.optional(),
});
const transitionProps = component('Transition', {});
const tableProps = component('Table', block);
const tableRowProps = component('Table.Row', { header: z.boolean().optional() });
const tableCellProps = component('Table.Cell', {
  width: Length.optional(),
  padding: Spacing.optional(),
  colSpan: z.int().optional(),
  rowSpan: z.int().optional(),
  align: Align.optional(),
  vAlign: Align.optional(),
  colSize: Length.optional(),
});

type Children = { children?: WidgetComponent[] | undefined };
type ListViewItem = z.output<typeof listViewItemProps> & { children: WidgetComponent[] };
type Basic = z.output<typeof basicProps> & { children?: WidgetComponent[] | WidgetComponent | undefined };
type Card = z.output<typeof cardProps> & { children: WidgetComponent[] };
type ListView = z.output<typeof listViewProps> & { children: ListViewItem[] };
type TableCell = z.output<typeof tableCellProps> & Children;
type TableRow = z.output<typeof tableRowProps> & { children?: TableCell[] | undefined };

/** Any component that a widget can contain [WG-2], discriminated by `type`. */
export type WidgetComponent =
  | z.output<(typeof leaves)[number]>
  | ListViewItem
  | (z.output<typeof boxProps | typeof rowProps | typeof colProps | typeof formProps> & Children)
  | (z.output<typeof transitionProps> & { children: WidgetComponent | null })
  | (z.output<typeof tableProps> & { children?: TableRow[] | undefined })
  | TableRow
  | TableCell;

/** The root of a widget [WG-1]. */
export type WidgetRoot = Card | ListView | Basic;

/** One component by its type, for example `WidgetComponentOf<'Text'>`. */
export type WidgetComponentOf<Type extends (WidgetComponent | WidgetRoot)['type']> = Extract<
  WidgetComponent | WidgetRoot,
  { type: Type }
>;

const nodes: z.ZodType<WidgetComponent[]> = z.lazy(() => z.array(WidgetComponent));
const node: z.ZodType<WidgetComponent> = z.lazy(() => WidgetComponent);
const listViewItem = listViewItemProps.extend({ children: nodes });
const tableCell = tableCellProps.extend({ children: nodes.optional() });
const tableRow = tableRowProps.extend({ children: z.array(tableCell).optional() });

/**
 * The components that this version knows, with their props checked. For code that builds widgets. What is sent to
 * clients is not checked with it, because clients may know newer components [WG-5].
 */
export const WidgetComponent: z.ZodType<WidgetComponent> = z.discriminatedUnion('type', [
  ...leaves,
  listViewItem,
  boxProps.extend({ children: nodes.optional() }),
  rowProps.extend({ children: nodes.optional() }),
  colProps.extend({ children: nodes.optional() }),
  formProps.extend({ children: nodes.optional() }),
  transitionProps.extend({ children: node.nullable() }),
  tableProps.extend({ children: z.array(tableRow).optional() }),
  tableRow,
  tableCell,
]);

/** A whole widget, checked like `WidgetComponent`. */
export const WidgetRoot: z.ZodType<WidgetRoot> = z.discriminatedUnion('type', [
  cardProps.extend({ children: nodes }),
  listViewProps.extend({ children: z.array(listViewItem) }),
  basicProps.extend({ children: z.union([nodes, node]).optional() }),
]);
