/** What an OpenAI caller may ask of the form of an answer. A call has no setting for it, since only some wires have a field for it. */
export interface ResponseOptions {
  readonly format?: { readonly type: 'json_object' } | ({ readonly type: 'json_schema' } & JsonSchemaFormat);
  readonly parallelToolCalls?: boolean;
}

export interface JsonSchemaFormat {
  readonly name: string;
  readonly description?: string;
  /** A JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}
