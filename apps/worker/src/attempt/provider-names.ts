import type { ProviderConfigInput } from '#providers';

/** The well-known values of `gen_ai.provider.name` that are not what we call the kind. */
const CONVENTIONAL: Readonly<Record<string, string>> = {
  'azure-openai': 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  vertex: 'gcp.vertex_ai',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  xai: 'x_ai',
};
/** Kinds that say how a server speaks and not whose it is: its id says more. */
const OF_ANYBODY: ReadonlySet<string> = new Set([
  'openai-compatible',
  'gateway',
  'http',
  'graphql',
  'websocket',
  'module',
]);

/** Whose model is asked, by the id of its entry, as OpenTelemetry's conventions for generative AI name it. */
export class ProviderNames {
  private readonly names: ReadonlyMap<string, string>;

  constructor(configs: readonly Pick<ProviderConfigInput, 'id' | 'kind'>[]) {
    this.names = new Map(
      configs.map(({ id, kind }) => [id ?? kind, OF_ANYBODY.has(kind) ? (id ?? kind) : named(kind)]),
    );
  }

  of(id: string): string {
    return this.names.get(id) ?? id;
  }
}

const named = (kind: string): string => CONVENTIONAL[kind] ?? kind;
