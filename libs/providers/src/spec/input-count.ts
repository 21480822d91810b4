/** Input tokens of a call. `exact`: the provider has counted; `estimate`: we have, and may be off by a quarter either way. */
export interface InputCount {
  readonly tokens: number;
  readonly is: 'exact' | 'estimate';
}
