/** Kinds of models in OpenAI's one list (https://platform.openai.com/docs/models) that answer no chat. */
const OTHER_KINDS =
  /^(text-embedding|text-moderation|omni-moderation|whisper|tts|dall-e|gpt-image|chatgpt-image|sora|babbage|davinci)|-(transcribe|tts|realtime|audio)\b|-instruct\b/;

/** Whether a model of OpenAI's list may be offered for a conversation. The list itself does not say. */
export const mayChat = (id: string): boolean => !OTHER_KINDS.test(id);
