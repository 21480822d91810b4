/** Kinds of models in OpenAI's one list (https://platform.openai.com/docs/models) that answer no chat, beside those known by name anywhere. */
const OTHER_KINDS = /^(babbage|davinci|gpt-audio)|-audio\b|-instruct\b|-deep-research\b/;

/** Those that each of OpenAI's formats alone can reach; noted on 2026-11-29. */
const ELSEWHERE = {
  chat: /^(o1-pro|o3-pro|codex-mini)|^gpt-\d(\.\d)?-(pro|codex)\b/,
  responses: /-search-(preview|api)\b/,
} as const;

/** Whether a model of OpenAI's list may be offered for a conversation. The list itself does not say. */
export const mayChatAtOpenAI =
  (wire: keyof typeof ELSEWHERE) =>
  (id: string): boolean =>
    !OTHER_KINDS.test(id) && !ELSEWHERE[wire].test(id);
