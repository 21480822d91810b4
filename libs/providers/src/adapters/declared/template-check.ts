import type * as z from 'zod';
import { type Json, object } from '../../http/json.js';
import { CallSettings } from '../../spec/call-settings.js';
import { conditionsOf, constructOf, CONSTRUCTS, pathOf, piecesOf } from './template-syntax.js';

/** What a variable holds: something to insert, fields, or a list to loop over. `any`: unknown until there is a call. */
type Shape =
  | 'any'
  | 'value'
  | { readonly fields: Readonly<Record<string, Shape>>; readonly whole?: true }
  | { readonly each: Shape; readonly whole?: true };

const fields = (...names: string[]): Readonly<Record<string, Shape>> =>
  Object.fromEntries(names.map((name) => [name, 'value']));

const FILES: Shape = { each: { fields: fields('mediaType', 'url', 'data', 'name') } };
const MESSAGES: Shape = {
  each: {
    fields: {
      ...fields('role', 'kind', 'text', 'callId', 'name'),
      images: FILES,
      files: FILES,
      toolCalls: { each: { fields: fields('callId', 'name', 'arguments') } },
    },
  },
};

function variables(vars: Readonly<Record<string, unknown>>): Readonly<Record<string, Shape>> {
  return {
    messages: MESSAGES,
    history: MESSAGES,
    turns: { each: { fields: fields('user', 'assistant') } },
    ...fields('system', 'prompt', 'lastUserMessage', 'model'),
    settings: {
      fields: { ...fields(...Object.keys(CallSettings.shape)), stop: { each: 'value', whole: true } },
      whole: true,
    },
    tools: { each: { fields: { ...fields('name', 'description', 'strict'), parameters: 'any' } }, whole: true },
    toolChoice: 'any',
    caller: { fields: fields('tenantId', 'userId', 'runId', 'threadId') },
    now: { fields: fields('iso', 'epoch', 'epochMs'), whole: true },
    vars: { fields: Object.fromEntries(Object.keys(vars).map((name) => [name, 'any'])), whole: true },
  };
}

/** Something wrong with a template, and where in it. */
export interface TemplateIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface TemplateReport {
  readonly issues: readonly TemplateIssue[];
  /**
   * The variables that the template inserts, loops over or asks for, lists with `[]`: `settings.topP`, `messages[].images[]`.
   * A loop over all messages that may hold standing instructions has `messages[system]`.
   */
  readonly uses: ReadonlySet<string>;
}

/** What a template may say that is not one of a call's own. */
export interface Vocabulary {
  /** Values beside the usual ones. */
  readonly more?: readonly string[];
  /** False for what is sent when there is no call: only `vars` and `now` are left of the usual ones. */
  readonly aboutCall?: boolean;
}

/** Looks a template through without a call. `vars` are those of the config entry. */
export function inspectTemplate(
  template: unknown,
  vars: Readonly<Record<string, unknown>> = {},
  { more = [], aboutCall = true }: Vocabulary = {},
): TemplateReport {
  const report = { issues: [] as TemplateIssue[], uses: new Set<string>() };
  const { vars: own, now, ...call } = variables(vars);
  const shapes = { ...(aboutCall && call), ...fields(...more), ...(own && { vars: own }), ...(now && { now }) };
  inspect(template, { path: [], names: shapesOf(shapes) }, report);
  return report;
}

/** Reports what is wrong with the template at `path` of what is being checked. */
export function addTemplateIssues(
  context: z.RefinementCtx,
  path: readonly (string | number)[],
  template: unknown,
  vars: Readonly<Record<string, unknown>> = {},
  vocabulary: Vocabulary = {},
): void {
  for (const issue of inspectTemplate(template, vars, vocabulary).issues) {
    context.addIssue({ code: 'custom', path: [...path, ...issue.path], message: issue.message });
  }
}

interface Named {
  readonly shape: Shape;
  /** The variable by its full name. */
  readonly origin: string;
}
interface Place {
  readonly path: readonly (string | number)[];
  readonly names: Readonly<Record<string, Named>>;
}
interface Report {
  readonly issues: TemplateIssue[];
  readonly uses: Set<string>;
}

const ROLES: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant', 'tool']);

const shapesOf = (shapes: Readonly<Record<string, Shape>>): Readonly<Record<string, Named>> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape, origin: name }]));

const at = (place: Place, key: string | number): Place => ({ ...place, path: [...place.path, key] });

function inspect(node: unknown, place: Place, report: Report): void {
  if (typeof node === 'string') return inspectText(node, place, report);
  if (Array.isArray(node)) return node.forEach((element, index) => inspect(element, at(place, index), report));
  const all = object(node);
  if (!all) return;
  const construct = constructOf(all);
  const known: readonly string[] = construct ? CONSTRUCTS[construct] : [];
  for (const key of Object.keys(all)) {
    if (known.includes(key) || (!construct && !key.startsWith('$'))) continue;
    const message = construct
      ? `does not belong to ${construct}`
      : `must be one of ${Object.keys(CONSTRUCTS).join(', ')}`;
    report.issues.push({ path: [...place.path, key], message });
  }
  if (construct === '$each') return inspectEach(all, place, report);
  if (construct === '$if') attempt(at(place, '$if'), report, () => inspectIf(all['$if'], place, report));
  for (const [key, value] of Object.entries(all)) {
    if (key !== '$if' && key !== '$literal') inspect(value, at(place, key), report);
  }
}

function inspectEach(all: Json, place: Place, report: Report): void {
  const as = all['$as'] ?? 'item';
  attempt(at(place, '$as'), report, () => {
    if (pathOf(as).length !== 1 || String(as) in variables({})) throw new Error('must be a new name without dots');
  });
  attempt(at(place, '$each'), report, () => {
    const over = find(pathOf(all['$each']), place);
    const shape = elementOf(over);
    report.uses.add(over.origin);
    inspectRoles(all['$roles'], over, place, report);
    const inner = { ...place, names: { ...place.names, [String(as)]: { shape, origin: `${over.origin}[]` } } };
    if ('$if' in all) attempt(at(place, '$if'), report, () => inspectIf(all['$if'], inner, report));
    if (!('$item' in all)) throw new Error('needs $item, what to insert for each');
    inspect(all['$item'], at(inner, '$item'), report);
  });
}

function elementOf({ shape, origin }: Named): Shape {
  if (shape === 'any') return 'any';
  if (typeof shape === 'object' && 'each' in shape) return shape.each;
  throw new Error(`"${origin}" is no list`);
}

function inspectRoles(roles: unknown, over: Named, place: Place, report: Report): void {
  const isMessages = over.shape === MESSAGES;
  if (roles !== undefined && !(isMessages && Array.isArray(roles) && roles.every((role) => ROLES.has(role)))) {
    const message = `must be a list of ${[...ROLES].join(', ')}, for messages or history`;
    report.issues.push({ path: [...place.path, '$roles'], message });
  }
  if (!isMessages) return;
  const wanted: readonly unknown[] = Array.isArray(roles) ? roles : [...ROLES];
  for (const role of wanted) report.uses.add(`${over.origin}[${String(role)}]`);
}

function inspectIf(condition: unknown, place: Place, report: Report): void {
  for (const { path } of conditionsOf(condition)) report.uses.add(find(path, place).origin);
}

function inspectText(text: string, place: Place, report: Report): void {
  attempt(place, report, () => {
    for (const piece of piecesOf(text)) {
      if (piece.type === 'words') continue;
      const { shape, origin } = find(piece.path, place);
      if (typeof shape === 'object' && !shape.whole) {
        throw new Error(`"${origin}" is ${'each' in shape ? 'a list: loop over it with $each' : 'no value'}`);
      }
      report.uses.add(origin);
    }
  });
}

/** @throws Error that names what there is */
function find([root = '', ...path]: readonly string[], { names }: Place): Named {
  let named = Object.hasOwn(names, root) ? names[root] : undefined;
  if (!named) throw new Error(`there is no variable "${root}"; there are ${Object.keys(names).join(', ')}`);
  for (const segment of path) named = fieldOf(named, segment);
  return named;
}

function fieldOf({ shape, origin }: Named, segment: string): Named {
  const name = `${origin}.${segment}`;
  if (shape === 'any') return { shape: 'any', origin: name };
  const known = typeof shape === 'object' && 'fields' in shape ? shape.fields : {};
  const found = Object.hasOwn(known, segment) ? known[segment] : undefined;
  if (found) return { shape: found, origin: name };
  const there = Object.keys(known).join(', ');
  throw new Error(`there is no variable "${name}"${there && `; there are ${there}`}`);
}

function attempt({ path }: Place, report: Report, work: () => void): void {
  try {
    work();
  } catch (error) {
    report.issues.push({ path, message: error instanceof Error ? error.message : String(error) });
  }
}
