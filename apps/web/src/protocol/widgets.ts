// What a widget sends when it is clicked or changed: docs/protocol/data-model.md, "Actions in widgets".

/** An action as a widget defines it, with the protocol's defaults. */
export interface WidgetAction {
  readonly type: string;
  readonly payload: unknown;
  readonly handler: 'server' | 'client';
  /** What is disabled while the action runs. */
  readonly loading: 'auto' | 'none' | 'self' | 'container';
  /** Whether its answer is a stream, or the updated item at once. */
  readonly streaming: boolean;
}

/** Values of fields by their names. */
export type FieldValues = Readonly<Record<string, unknown>>;

const LOADING = ['auto', 'none', 'self', 'container'] as const;

/** Undefined if it is not an action. */
export function readAction(value: unknown): WidgetAction | undefined {
  if (!isObject(value) || typeof value['type'] !== 'string') return undefined;
  return {
    type: value['type'],
    payload: value['payload'],
    handler: value['handler'] === 'client' ? 'client' : 'server',
    loading: LOADING.find((one) => one === value['loadingBehavior']) ?? 'auto',
    streaming: value['streaming'] !== false,
  };
}

/** The payload with the values of fields: `todo.title` becomes `payload.todo.title`. A payload that is no object stays as it is. */
export function withValues(payload: unknown, values: FieldValues): unknown {
  const names = Object.keys(values);
  if (names.length === 0 || (payload !== undefined && payload !== null && !isObject(payload))) return payload;
  return names.reduce<Record<string, unknown>>(
    (merged, name) => withValue(merged, name.split('.'), values[name]),
    payload ?? {},
  );
}

function withValue(target: Record<string, unknown>, path: readonly string[], value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return withOwn(target, key, value);
  const inner = Object.hasOwn(target, key) ? target[key] : undefined;
  return withOwn(target, key, withValue(isObject(inner) ? inner : {}, rest, value));
}

/** Names come from the widget's author: `__proto__` is a key like any other. */
function withOwn(target: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries([...Object.entries(target).filter(([name]) => name !== key), [key, value]]);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
