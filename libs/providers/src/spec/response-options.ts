/** What a caller of OpenAI's format may ask for, and what a call has no setting for, since only some wires have a field for it. */
export interface ResponseOptions {
  readonly format?: { readonly type: 'json_object' } | ({ readonly type: 'json_schema' } & JsonSchemaFormat);
  readonly parallelToolCalls?: boolean;
  /** Any other fields, in the format of chat completions; wires of another format have none of them. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface JsonSchemaFormat {
  readonly name: string;
  readonly description?: string;
  /** A JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}
