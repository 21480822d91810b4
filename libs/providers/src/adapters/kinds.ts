import { anthropic } from './anthropic/kind.js';
import { azureOpenAI } from './azure/kind.js';
import { bedrock } from './bedrock/kind.js';
import { cohere } from './cohere/kind.js';
import { graphql } from './declared/graphql/kind.js';
import { http } from './declared/http/kind.js';
import { websocket } from './declared/websocket/kind.js';
import { demo } from './demo/kind.js';
import { gateway } from './gateway/kind.js';
import { huggingFace } from './huggingface/kind.js';
import { type Kind, nameOf } from './kind.js';
import { module } from './module/kind.js';
import { ollama } from './ollama/kind.js';
import { openAI } from './openai/kind.js';
import { openAICompatible } from './openai-compatible/kind.js';
import { presets } from './presets/kind.js';
import { vertex } from './vertex/kind.js';

/** All kinds of providers. Of several that are enabled, the first one in this list answers when no model is asked for. */
export const KINDS = [
  openAI,
  azureOpenAI,
  anthropic,
  bedrock,
  vertex,
  cohere,
  ...presets,
  huggingFace,
  ollama,
  openAICompatible,
  gateway,
  http,
  graphql,
  websocket,
  module,
  demo,
] as const;

const BY_NAME: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind: Kind) => [nameOf(kind), kind]));

/** @throws Error for a kind that the list does not have, which no parsed entry can be of */
export function kindOf({ kind }: { readonly kind: string }): Kind {
  const found = BY_NAME.get(kind);
  if (!found) throw new Error(`no kind of provider is called ${kind}`);
  return found;
}
