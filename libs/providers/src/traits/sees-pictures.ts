import type { Capability } from '../spec/capability.js';
import { familyName } from './family-name.js';

/**
 * Families that take text only, wherever they run; from the model cards of their makers, noted on 2026-11-29. Their names that stand
 * for a model with eyes are in {@link SEEING}.
 */
const TEXT_ONLY =
  /gpt-oss|gpt-3|o1-mini|o3-mini|llama-?3|llama-?2|deepseek(?!-(vl|ocr))|grok-3|grok-code|kimi-k2(?!-[5-9])|kimi-dev|qwen-?[23](?!-?[5-9])|qwq|glm-(4|5)|mi(s|x)tral-[78]|mixtral|codestral|devstral|magistral-(small|medium)-250|ministral-8b-2410|phi-?[34]|command-(r|a-03|light|nightly)|command-a-(translate|reasoning)|minimax-m[12]|jamba|smollm|zephyr|flan|sonar-deep|gemma-?(1|2|3-?1b|7b|2b)|nemotron|granite|olmo|mimo-v2-flash/;

const SEEING =
  /vision|(^|-)(vl|vlm|omni|multimodal)(-|$)|\dv(-|$)|qwen-?\d?-?vl|llama-?3-?2-?(11|90)b|phi-?3-?5-v|phi-?4-multi/;

/** Whether a model is known to take no pictures. */
export function isBlind(model: string): boolean {
  // Ollama's tags say the size, which can decide.
  const name = familyName(model.replaceAll(':', '-'));
  return TEXT_ONLY.test(name) && !SEEING.test(name);
}

/** What a model can do of what the models of its server can: no vision where its family takes text only. */
export const seenBy =
  (capabilities: readonly Capability[]) =>
  (model: string): readonly Capability[] =>
    isBlind(model) ? capabilities.filter((capability) => capability !== 'vision') : capabilities;
