/** A part of a JSON schema, as far as names of settings are looked up in it. */
interface Node {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly const?: unknown;
}

/** The settings that may stand at a place of the config file. `value` chooses between forms: an entry's `kind`. */
export function knownKeys(schema: object, path: readonly PropertyKey[], value: unknown): readonly string[] {
  const root: Node = schema;
  let nodes = forms(root, root);
  let here = value;
  for (const step of path) {
    nodes = nodes.filter((node) => fits(node, here)).flatMap((node) => forms(next(node, step), root));
    here = (here as Record<PropertyKey, unknown> | undefined)?.[step];
  }
  const keys = nodes.filter((node) => fits(node, here)).flatMap((node) => Object.keys(node.properties ?? {}));
  return [...new Set(keys)];
}

function next(node: Node, step: PropertyKey): Node | undefined {
  if (typeof step === 'number') return node.items;
  if (node.properties && Object.hasOwn(node.properties, step)) return node.properties[String(step)];
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
}

/** The alternatives of a place, with references followed. */
function forms(node: Node | undefined, root: Node): Node[] {
  if (!node) return [];
  if (node.$ref !== undefined) return forms(follow(node.$ref, root), root);
  const inner = node.anyOf ?? node.oneOf ?? node.allOf;
  return inner ? inner.flatMap((one) => forms(one, root)) : [node];
}

function follow(ref: string, root: Node): Node | undefined {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], root) as Node | undefined;
}

/** Whether the constants of a form, such as the kind of a provider, are those of the value. */
function fits({ properties = {} }: Node, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(properties).every(
    ([key, { const: constant }]) => constant === undefined || !(key in value) || Reflect.get(value, key) === constant,
  );
}
