import type { ProviderConfigInput } from '../../../libs/providers/src/config.js';
import type { Format } from './expected.js';
import type { Recording } from './recording.js';

/** No test may find it in the detail of an error. */
export const RECORDED_KEY = 'sk-recorded-key';

/** A provider whose model plays one recording. */
export interface Player {
  /** What the titles of its tests say behind the name of the recording; empty for the usual provider of a wire. */
  readonly name: string;
  /** `url`: of the replay server, the wire included. `fixture`: the recording with its knobs. */
  readonly at: (url: string, fixture: string) => { readonly config: ProviderConfigInput; readonly model: string };
  /** The API does not stream, so that streams are not played. */
  readonly wholeOnly?: boolean;
}

type Settings = (url: string) => object;

/** A provider of this kind, whose models are called by name. */
const player = (kind: ProviderConfigInput['kind'], settings: Settings = (baseUrl) => ({ baseUrl })): Player => ({
  name: '',
  at: (url, fixture) => ({
    config: {
      kind,
      id: 'recorded',
      apiKey: RECORDED_KEY,
      defaultModel: 'none',
      ...settings(url),
    } as ProviderConfigInput,
    model: `fixture:${fixture}`,
  }),
});

/** The server has one model, so that no request names it. */
const GENERATION: Player = {
  name: '',
  at: (baseUrl, fixture) => ({
    config: { kind: 'huggingface', api: 'text-generation-inference', baseUrl, headers: { 'x-fixture': fixture } },
    model: 'default',
  }),
};

const CLASSIC: Player = {
  ...player('huggingface', (baseUrl) => ({ baseUrl, api: 'inference' })),
  name: ' (classic)',
  wholeOnly: true,
};

/** Who speaks a format, unless the wire says better. */
const BY_FORMAT: Readonly<Record<Format, readonly Player[]>> = {
  'openai-chat': [player('openai-compatible')],
  'openai-responses': [player('openai', (baseUrl) => ({ baseUrl, wire: 'responses' }))],
  'anthropic-messages': [player('anthropic')],
  'cohere-v2-chat': [player('cohere')],
  'ollama-chat': [player('ollama')],
  'hf-tgi': [GENERATION, CLASSIC],
};

/** Wires that have a kind of provider of their own. */
const BY_WIRE: Readonly<Record<string, readonly Player[]>> = {
  'azure-openai': [player('azure-openai', (endpoint) => ({ endpoint }))],
  deepseek: [player('deepseek')],
  'gemini-openai': [player('gemini')],
  groq: [player('groq')],
  huggingface: [player('huggingface')],
  llamacpp: [player('llama-cpp')],
  mistral: [player('mistral')],
  openrouter: [player('openrouter')],
  perplexity: [player('perplexity')],
  together: [player('together')],
  vllm: [player('vllm')],
  xai: [player('xai')],
};

export function playersOf({ wire, format, encoding }: Recording): readonly Player[] {
  const players = BY_WIRE[wire] ?? BY_FORMAT[format];
  return players.filter(({ wholeOnly }) => !(wholeOnly && encoding !== 'json'));
}
