import * as jinja from '@huggingface/jinja';

// The engine's own declarations cannot be resolved from an ES module (their imports have no file extensions), and it
// does not export its values and nodes. So the parts that we use are declared here.

/** A node of a template's tree. Which parts it has depends on its `type`. */
export interface TemplateNode {
  readonly type: string;
  readonly value?: unknown;
  readonly operand?: TemplateNode;
  readonly operator?: { readonly value: string };
  readonly left?: TemplateNode;
  readonly right?: TemplateNode;
  readonly object?: TemplateNode;
  readonly property?: TemplateNode;
  readonly computed?: boolean;
  readonly test?: TemplateNode;
  readonly filter?: TemplateNode;
  readonly callee?: TemplateNode;
  readonly args?: readonly TemplateNode[];
}

/** What an expression evaluates to: `StringValue`, `ArrayValue`, `UndefinedValue` and so on by its `type`. */
export interface TemplateValue {
  readonly type: string;
  readonly value: unknown;
  toString(): string;
}

/** The names that a template can use. */
export interface Scope {
  readonly variables: Map<string, TemplateValue>;
  /** Declares a new name with a JavaScript value, which it converts and returns. */
  set(name: string, value: unknown): TemplateValue;
}

interface Engine {
  /** No value at all for `first` and `last` of an empty list. */
  evaluate(node: TemplateNode | undefined, scope: Scope): TemplateValue | undefined;
  run(program: TemplateNode): TemplateValue;
}

export const TemplateScope = jinja.Environment as new (parent?: Scope) => Scope;
export const TemplateEngine = jinja.Interpreter as new (scope: Scope) => Engine;

/** The tree of a template; throws when it is not valid. Whitespace is preserved, as in Jinja2 by default. */
export function parseTemplate(template: string): TemplateNode {
  return jinja.parse(jinja.tokenize(template)) as TemplateNode;
}
