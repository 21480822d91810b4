import { type Json, list, object } from '../../http/json.js';
import type { ModelInfo } from '../../spec/provider.js';
import { mayChat } from '../../traits/can-chat.js';
import { type ListedModel, readModels } from '../../wire/model-info.js';
import { ModelList } from './wire.js';

/** The models that can chat and will stay. A private deployment may not know the filter of the request. @throws z.ZodError */
export const modelsOf = (json: unknown): ModelInfo[] => readModels(ModelList.parse(json).models, describe, canChat);

function describe(entry: Json): ListedModel {
  const usual = object(entry['sampling_defaults']) ?? {};
  return {
    id: entry['name'],
    contextWindow: [entry['context_length']],
    defaults: {
      temperature: usual['temperature'],
      topP: usual['p'],
      topK: usual['k'],
      frequencyPenalty: usual['frequency_penalty'],
      presencePenalty: usual['presence_penalty'],
    },
  };
}

function canChat({ is_deprecated: deprecated, endpoints }: Json, id: string): boolean {
  if (deprecated === true) return false;
  const known = list(endpoints);
  return known.length > 0 ? known.includes('chat') : mayChat(id);
}
