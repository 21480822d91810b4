/** The name of a model: the registry's provider id and the model id exactly as the provider spells it (it may hold slashes). */
export interface ModelRef {
  readonly provider: string;
  readonly model: string;
}
