import * as z from 'zod';
import { baseUrl, common, id, modelId, secret } from '../entry-fields.js';

/** Hugging Face, or a server of one's own that runs its software. */
export const HuggingFaceConfig = z.strictObject({
  kind: z.literal('huggingface'),
  id: id.default('huggingface'),
  ...common,
  /** An access token. */
  apiKey: secret.optional(),
  /**
   * `chat`: OpenAI's chat completions, at the router or any endpoint; `text-generation-inference`: the native streaming API of
   * that server, which has one model; `inference`: the classic API, `POST /models/<id>`, not streamed.
   */
  api: z.enum(['chat', 'text-generation-inference', 'inference']).default('chat'),
  /** By default the router (`chat`, `inference`), or http://localhost:8080 (`text-generation-inference`). */
  baseUrl: baseUrl.optional(),
  defaultModel: modelId.optional(),
  /**
   * How the messages become one text, where the API takes no messages: a Jinja template as in the model's
   * `tokenizer_config.json`. By default ChatML, which Qwen, SmolLM, Hermes and many more were trained on.
   */
  chatTemplate: z.string().min(1).optional(),
  /** What the template knows as `bos_token` and `eos_token`. */
  bosToken: z.string().default(''),
  eosToken: z.string().default(''),
});
export type HuggingFaceConfig = z.output<typeof HuggingFaceConfig>;
