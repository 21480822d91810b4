import type {
  WidgetComponent,
  WidgetComponentOf,
  WidgetRoot,
} from '../../../../../libs/chatkit/src/widgets/components.js';

/** All kinds of components that the protocol has. */
export type Kind = (WidgetComponent | WidgetRoot)['type'];

type Named<T> = keyof { [Prop in keyof T as string extends Prop ? never : Prop]: T[Prop] };

/**
 * A component as it came: the names of its props are those of the protocol, so that the compiler finds a wrong one; their
 * values are whatever an assistant has written, and are read by `props.ts`.
 */
export type Node<K extends Kind> = { readonly type: K } & {
  readonly [Prop in Exclude<Named<WidgetComponentOf<K>>, 'type'>]?: unknown;
};

/** A component of any kind, known or not. */
export type AnyNode = Readonly<Record<string, unknown>> & { readonly type: string };

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** A component's children: a list, or one. */
export function childrenOf(value: unknown): readonly AnyNode[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter(isNode);
}
