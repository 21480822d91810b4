import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { JsonObject } from '../protocol/json.js';
import { WidgetNode } from '../protocol/widget.js';
import { parseTemplate, type Scope, type TemplateNode, TemplateScope } from './template-engine.js';
import { TemplateInterpreter } from './template-interpreter.js';
import { isNode } from './widget-tree.js';

/** A widget template that cannot be read, or does not render to a widget; the message says why. */
export class WidgetTemplateError extends Error {
  override readonly name = 'WidgetTemplateError';
}

// `jsonSchema` describes the data and is not enforced; `outputJsonPreview` and `encodedWidget` are for the editor.
const TemplateFile = z.object({ version: z.unknown().optional(), name: z.string(), template: z.string() });

const VERSION = '1.0';
const ROOTS = ['Card', 'ListView', 'Basic'];

/** A `.widget` file as the widget editor exports it [WT-1]. */
export class WidgetTemplate {
  private constructor(
    /** The template's name in the file. */
    readonly name: string,
    private readonly program: TemplateNode,
  ) {}

  /** Reads the text of a `.widget` file; throws a `WidgetTemplateError` when it is not valid. */
  static parse(fileContent: string): WidgetTemplate {
    const { success, data: file } = TemplateFile.safeParse(
      attempt('The file is not JSON', () => JSON.parse(fileContent)),
    );
    if (!success) throw new WidgetTemplateError('The file is no widget template: it needs a name and a template.');
    if (file.version !== VERSION) {
      throw new WidgetTemplateError(`"${file.name}" has version ${JSON.stringify(file.version)}, not "${VERSION}".`);
    }
    const program = attempt(`The template of "${file.name}" is not valid`, () => parseTemplate(file.template));
    return new WidgetTemplate(file.name, program);
  }

  /**
   * The widget for this data, which is used as JSON [WT-2]. Throws a `WidgetTemplateError` for a name or attribute
   * that does not exist, rendered text that is not JSON, a root that is not a widget, and a node without a type.
   */
  build(data: JsonObject = {}): WidgetNode {
    const rendered = attempt(`"${this.name}" cannot be rendered`, () => this.render(data));
    const root: unknown = attempt(`"${this.name}" did not render to JSON`, () => JSON.parse(rendered));
    if (!isNode(root) || !ROOTS.includes(root.type)) {
      throw new WidgetTemplateError(`The root of "${this.name}" is not a ${ROOTS.join(', ')}.`);
    }
    const bad = findBadNode(root, 'the root');
    if (bad) throw new WidgetTemplateError(`"${this.name}": ${bad} is not a component: it needs a type.`);
    return WidgetNode.parse(root);
  }

  private render(data: JsonObject): string {
    const scope = new TemplateScope(globals());
    const values: JsonObject = JSON.parse(JSON.stringify(data));
    for (const [name, value] of Object.entries(values)) {
      scope.variables.delete(name); // data may use the name of a built-in
      scope.set(name, value);
    }
    return new TemplateInterpreter(scope).run(this.program).toString();
  }
}

/** Reads a `.widget` file; throws a `WidgetTemplateError` when it does not exist or is not valid. */
export function loadWidgetTemplate(path: string | URL): WidgetTemplate {
  return WidgetTemplate.parse(attempt('The file cannot be read', () => readFileSync(path, 'utf8')));
}

function globals(): Scope {
  const scope = new TemplateScope();
  const constants = { true: true, True: true, false: false, False: false, none: null, None: null, range };
  for (const [name, value] of Object.entries(constants)) scope.set(name, value);
  return scope;
}

/** As in Python: `range(stop)` or `range(start, stop, step)`. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  return Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, index) => start + index * step);
}

/**
 * The place of the first child that is not a node; undefined when all are. Null children are allowed, because they are
 * removed later [SER-4].
 */
function findBadNode(node: WidgetNode, place: string): string | undefined {
  const { children = [] } = node;
  const entries: unknown[] = Array.isArray(children) ? children : [children];
  for (const [index, child] of entries.entries()) {
    const childPlace = `child ${index} of ${place}`;
    if (child === null) continue;
    const bad = isNode(child) ? findBadNode(child, childPlace) : childPlace;
    if (bad) return bad;
  }
  return undefined;
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new WidgetTemplateError(`${what}: ${why}`, { cause: error });
  }
}
