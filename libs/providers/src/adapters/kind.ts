import type * as z from 'zod';
import type { AcceptedFiles } from '../attachments/accepted-files.js';
import type { Speaker } from '../conversation/profiles.js';
import type { Outgoing } from '../http/proxy-of.js';
import type { Provider } from '../spec/provider.js';
import type { ResponseOptions } from '../spec/response-options.js';
import type { ProviderModule } from './provider-module.js';

/** The schema of an entry: strict or loose, with the `kind` that it is recognised by. */
export type EntrySchema = z.ZodObject<{ readonly kind: z.ZodLiteral<string>; readonly id: z.ZodType<string> }>;

/** The environment variables of a kind. They fill the fields of an entry, and enable a provider without one. */
export interface Variables<Field extends string = string> {
  /** Name of the variable by the field that it fills. A field whose schema is a URL is checked as one. */
  readonly names: Readonly<Record<Field, string>>;
  /** The fields whose variable enables the provider, each of them alone. */
  readonly enabledBy: readonly NoInfer<Field>[];
  /** Fields that stand in for `apiKey`. An entry with one of these or a key takes none of them from variables. */
  readonly authentication?: readonly string[];
}

/** What applies to all providers that are made together. */
export interface CreateContext {
  readonly outgoing: Outgoing;
  /** The modules that entries name, by path. */
  readonly modules: ReadonlyMap<string, ProviderModule>;
}

/** How an entry's models are asked for the form of an answer: the fields of a request. */
export type FormatFields = (options: ResponseOptions) => Readonly<Record<string, unknown>>;

/**
 * Everything that is known of a kind of provider outside its folder. `kinds.ts` lists them; the configuration, the environment,
 * the rank, the policies and the documents follow from that list.
 */
export interface Kind<Schema extends EntrySchema = EntrySchema, Field extends string = string> {
  /** The fields of an entry of the config file, and their defaults. */
  readonly config: Schema;
  /** Absent: providers of this kind are made by the config file only, and answer by default after those that have variables. */
  readonly variables?: Variables<Field>;
  /** Opens no connection. `config` has a key at most once: {@link withKeys} makes a provider for each. */
  create(config: z.output<Schema>, context: CreateContext): Provider;
  /** Undefined where the API cannot be told the form of an answer. */
  formatFields(config: z.output<Schema>): FormatFields | undefined;
  /** What its server takes of pictures and files; null where it is given all of them as they are. */
  acceptedFiles(config: z.output<Schema>): AcceptedFiles | null;
  /** Whether its requests do not go through our HTTP client as they are, so that files must be in them as a whole. */
  readonly sendsWholeFiles?: boolean;
  /** Whether people run the server themselves, so that it may load a model first. Base URLs of this machine are known anyway. */
  isOwnServer?(config: z.output<Schema>): boolean;
  /** Whose rules of a conversation hold, where those of the kind alone do not. */
  speaker?(config: z.output<Schema>): Partial<Omit<Speaker, 'model'>>;
}

/** Infers the types of a kind's functions from its schema. */
export const defineKind = <Schema extends EntrySchema, Field extends keyof z.input<Schema> & string = never>(
  kind: Kind<Schema, Field>,
): Kind<Schema, Field> => kind;

/** The value of `kind` in the entries of this kind. */
export const nameOf = ({ config }: Pick<Kind, 'config'>): string => config.shape.kind.value;

/** The usual three: `GROQ_API_KEY`, `GROQ_BASE_URL` and `GROQ_MODEL`. */
export function usualVariables(
  prefix: string,
  enabledBy: readonly ('apiKey' | 'baseUrl')[],
  key = `${prefix}_API_KEY`,
): Variables<'apiKey' | 'baseUrl' | 'defaultModel'> {
  return { names: { apiKey: key, baseUrl: `${prefix}_BASE_URL`, defaultModel: `${prefix}_MODEL` }, enabledBy };
}
