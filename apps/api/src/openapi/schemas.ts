import { z } from 'zod';

type Json = Readonly<Record<string, unknown>>;

/** JSON schemas of zod schemas, each once, as the components of a document. */
export class Schemas {
  readonly components: Record<string, unknown> = {};

  /** A reference to the schema under this name. */
  add(name: string, schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    this.components[name] = renamed(own, name);
    for (const [part, definition] of Object.entries($defs)) {
      this.components[`${name}.${part}`] = renamed(definition, name);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** The properties of a query, each by itself. */
  static parameters(query: z.ZodObject): Json[] {
    const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' });
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
    }));
  }
}

/** References within a schema, for their new place in the document. */
function renamed(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => renamed(entry, name));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]): [string, unknown] =>
    key === '$ref' && typeof entry === 'string' ? [key, placeOf(entry, name)] : [key, renamed(entry, name)],
  );
  return Object.fromEntries(entries.filter(saysSomething));
}

/** One of anything is anything: what JSON Schema cannot describe is an empty schema. */
const saysSomething = ([key, entry]: [string, unknown]): boolean =>
  !((key === 'anyOf' || key === 'oneOf') && Array.isArray(entry) && entry.some(isEmpty));

const isEmpty = (schema: unknown): boolean =>
  typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0;

const placeOf = (ref: string, name: string): string =>
  ref === '#' ? `#/components/schemas/${name}` : ref.replace('#/$defs/', `#/components/schemas/${name}.`);
