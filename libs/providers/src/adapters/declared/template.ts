import { type Json, list, object } from '../../http/json.js';
import { type Condition, conditionsOf, constructOf, pathOf, type Piece, piecesOf } from './template-syntax.js';
import type { TemplateScope } from './template-scope.js';

export { scopeOf, type ScopeOptions, type TemplateScope } from './template-scope.js';
export { addTemplateIssues } from './template-check.js';

/**
 * JSON with holes. A text that is one `{{variable}}` becomes its value, of whatever type, and is left out of its object or
 * list when there is none; among other words it is inserted as text. Objects with a `$` key are loops and conditions; see
 * `CONSTRUCTS`.
 */
export type Template = unknown;

/** The scope with what loops have added. */
type Names = Readonly<Record<string, unknown>>;

/**
 * Fills a template in. What is inserted is never looked at for braces again.
 * @throws Error for a template that `addTemplateIssues` finds wrong
 */
export function renderTemplate(template: Template, scope: TemplateScope | Names): unknown {
  return render(template, { ...scope });
}

/** Fills a text in whose variables must not add to the path or query that it is: `/models/{{model}}/chat`. */
export function renderPath(path: string, scope: TemplateScope | Names): string {
  return joined(piecesOf(path), { ...scope }, encodePart);
}

/** As `encodeURIComponent`, which throws at half a character; names and texts that others have cut end in one. */
export const encodePart = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

function render(node: unknown, names: Names): unknown {
  if (typeof node === 'string') return renderText(piecesOf(node), names);
  if (Array.isArray(node)) return node.flatMap((element) => renderElement(element, names));
  const fields = object(node);
  if (!fields) return node;
  switch (constructOf(fields)) {
    case '$each':
      return renderEach(fields, names);
    case '$if':
      return render(fields[holds(conditionsOf(fields['$if']), names) ? '$then' : '$else'], names);
    case '$json':
      return JSON.stringify(render(fields['$json'], names));
    case '$literal':
      return fields['$literal'];
    case undefined:
      return renderFields(fields, names);
  }
}

/** A loop within a list gives its elements to that list. */
function renderElement(element: unknown, names: Names): readonly unknown[] {
  const value = render(element, names);
  if (Array.isArray(value) && spreads(element)) return value;
  return value === undefined ? [] : [value];
}

function spreads(element: unknown): boolean {
  const fields = object(element);
  if (!fields) return false;
  return '$each' in fields || ('$if' in fields && [fields['$then'], fields['$else']].some(spreads));
}

function renderFields(fields: Json, names: Names): Json {
  const rendered = Object.entries(fields).map(([key, value]) => [key, render(value, names)] as const);
  return Object.fromEntries(rendered.filter(([, value]) => value !== undefined));
}

function renderEach(fields: Json, names: Names): unknown[] {
  const as = typeof fields['$as'] === 'string' ? fields['$as'] : 'item';
  const roles = fields['$roles'];
  const conditions = '$if' in fields ? conditionsOf(fields['$if']) : [];
  return list(lookUp(pathOf(fields['$each']), names)).flatMap((item) => {
    if (Array.isArray(roles) && !roles.includes(object(item)?.['kind'])) return [];
    const inner = { ...names, [as]: item };
    return holds(conditions, inner) ? renderElement(fields['$item'], inner) : [];
  });
}

function renderText(pieces: readonly Piece[], names: Names): unknown {
  const [only, ...more] = pieces;
  if (only === undefined) return '';
  if (more.length === 0 && only.type === 'variable') return valueOf(only, names);
  return joined(pieces, names, (text) => text);
}

function joined(pieces: readonly Piece[], names: Names, encode: (text: string) => string): string {
  const texts = pieces.map((piece) => (piece.type === 'words' ? piece.words : encode(asText(valueOf(piece, names)))));
  return texts.join('');
}

function valueOf({ path, fallback }: Extract<Piece, { type: 'variable' }>, names: Names): unknown {
  return lookUp(path, names) ?? fallback?.value;
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function holds(conditions: readonly Condition[], names: Names): boolean {
  return conditions.every(({ path, values }) => {
    const value = lookUp(path, names);
    return values ? values.includes(value) : isThere(value);
  });
}

/** Nothing to insert: no value, an empty text, an empty list. */
function isThere(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value) || value === 0;
}

function lookUp(path: readonly string[], names: Names): unknown {
  let value: unknown = names;
  for (const segment of path) value = value instanceof Date ? ofTime(value, segment) : field(value, segment);
  return value instanceof Date ? value.toISOString() : value;
}

function field(value: unknown, name: string): unknown {
  const fields = object(value);
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function ofTime(time: Date, segment: string): unknown {
  if (segment === 'iso') return time.toISOString();
  if (segment === 'epochMs') return time.getTime();
  return segment === 'epoch' ? Math.floor(time.getTime() / 1_000) : undefined;
}
