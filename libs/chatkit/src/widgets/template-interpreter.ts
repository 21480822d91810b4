import { type Scope, TemplateEngine, type TemplateNode, TemplateScope, type TemplateValue } from './template-engine.js';

/**
 * The engine with what widget templates also need [WT-2]: names and attributes that do not exist are errors,
 * `tojson` escapes what HTML would read, lists have `append`, `default` needs no argument, and `~` takes all values.
 *
 * Where it still differs from Jinja2: what a loop's body sets is visible in the next iteration, `==` compares a number with
 * its text as equal and lists by identity, tests take no arguments (`is divisibleby(2)`), and the filters are those
 * of the engine (no `round`, `truncate` or `format`).
 */
export class TemplateInterpreter extends TemplateEngine {
  /** Nodes that are only tested for a value, so they need none. */
  private readonly mayBeMissing = new WeakSet<TemplateNode>();

  override evaluate(node: TemplateNode | undefined, scope: Scope): TemplateValue {
    if (!node) return toValue(undefined); // a bound of a slice that is left out
    this.allowMissing(node);
    const value = this.evaluateHere(node, scope) ?? super.evaluate(withDefault(node), scope);
    // `first` of an empty list is no value at all, not even the engine's undefined.
    if (value !== undefined && value.type !== 'UndefinedValue') return value;
    if (!this.mayBeMissing.has(node)) throw new Error(`${nameOf(node)} is undefined`);
    return toValue(undefined);
  }

  private allowMissing(node: TemplateNode): void {
    const asks = node.type === 'TestExpression' && ['defined', 'undefined'].includes(String(node.test?.value));
    if (node.operand && (asks || filterName(node) === 'default')) this.mayBeMissing.add(node.operand);
  }

  /** What the engine does not support or does differently; undefined for everything else. */
  private evaluateHere(node: TemplateNode, scope: Scope): TemplateValue | undefined {
    if (filterName(node) === 'tojson') return toValue(escapeForHtml(String(super.evaluate(node, scope))));
    if (node.operator?.value === '~') {
      return toValue(printed(this.evaluate(node.left, scope)) + printed(this.evaluate(node.right, scope)));
    }
    return isAppend(node) ? this.append(node, scope) : undefined;
  }

  private append({ callee, args = [] }: TemplateNode, scope: Scope): TemplateValue | undefined {
    const list = this.evaluate(callee?.object, scope);
    if (list.type !== 'ArrayValue') return undefined;
    if (args.length !== 1) throw new Error('append takes one argument');
    (list.value as TemplateValue[]).push(this.evaluate(args[0], scope));
    return toValue(null);
  }
}

function filterName({ type, filter }: TemplateNode): string | undefined {
  if (type !== 'FilterExpression') return undefined;
  const name = (filter?.callee ?? filter)?.value;
  return name === 'd' ? 'default' : String(name);
}

/** The engine knows `default` only by its long name and with brackets. */
function withDefault(node: TemplateNode): TemplateNode {
  if (filterName(node) !== 'default') return node;
  const callee: TemplateNode = { type: 'Identifier', value: 'default' };
  return { ...node, filter: { type: 'CallExpression', callee, args: node.filter?.args ?? [] } };
}

function isAppend({ type, callee }: TemplateNode): boolean {
  return type === 'CallExpression' && callee?.computed === false && callee.property?.value === 'append';
}

/** What Jinja2 writes for a value. */
function printed(value: TemplateValue): string {
  if (value.type === 'NullValue') return 'None';
  if (value.type === 'BooleanValue') return value.value ? 'True' : 'False';
  return value.toString();
}

/** Converts a JavaScript value to the engine's: its constructors are not exported, but it converts what is declared. */
function toValue(value: unknown): TemplateValue {
  return new TemplateScope().set('value', value);
}

/** As in Jinja2, so that the text is also safe inside quotes or HTML; JSON.parse reverses it. */
function escapeForHtml(json: string): string {
  return json.replace(/[<>&']/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

function nameOf({ type, value, object, property, computed }: TemplateNode): string {
  if (type === 'Identifier') return `"${String(value)}"`;
  if (type !== 'MemberExpression' || !object) return 'A value';
  const attribute =
    computed && property?.type === 'Identifier' ? 'the entry asked for' : `"${String(property?.value)}"`;
  return `${attribute} of ${nameOf(object)}`;
}
