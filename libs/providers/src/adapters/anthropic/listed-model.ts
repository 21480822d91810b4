import type { Json } from '../../http/json.js';
import { mayChat } from '../../traits/can-chat.js';
import type { ListedModel } from '../../wire/model-info.js';

/** An entry of `GET /v1/models`, see https://platform.claude.com/docs/en/api/models-list. */
export const describe = (entry: Json): ListedModel => ({
  id: entry['id'],
  name: entry['display_name'],
  contextWindow: [entry['max_input_tokens']],
  maxOutput: [entry['max_tokens']],
});

/** A retired model answers nothing any more. Servers that copy this API list what they have. */
export const canChat = (entry: Json, id: string): boolean => entry['lifecycle'] !== 'retired' && mayChat(id);
