import { familyName } from './family-name.js';

/**
 * Families that answer no chat, wherever they are listed: embeddings and reranking, speech, pictures and video, moderation and guards,
 * text recognition, and what only works in a session or with a tool of its own. From the model lists of OpenAI, Google, Groq, Mistral,
 * Cohere, Together, Ollama and LM Studio, noted on 2026-11-29.
 */
const OTHER_KINDS = new RegExp(
  [
    // Numbers in vectors: text-embedding-3-small, nomic-embed-text, mistral-embed, embed-v4-0.
    '(^|-)embed(ding|dings|der)?\\d?(-|$)|^embedding?gemma|^(bge|gte|e5|multilingual-e5|uae|voyage|m2-bert|all-minilm|all-mpnet|paraphrase)(-|$)',
    '^(text-similarity|text-search|code-search)-|^colbert|(^|-)(rerank|reranker|clip)(-|$)',
    // Speech: gpt-4o-mini-tts, whisper-large-v3, orpheus-v1-english.
    'whisper|(^|-)(tts|stt|asr|transcribe|transcription|diarize)(-|$)|orpheus|playai|parakeet|kokoro|lyria|native-audio',
    '(^|-)realtime(-|$)|gemini-(.*-)?live(-|$)',
    // Pictures and video: dall-e-3, gpt-image-1, imagen-4-0, veo-3-1, grok-imagine.
    'dall-e|(^|-)image(-|$)|^imagen-|^flux|stable-diffusion|sdxl|nano-banana|^(veo|sora|wan|kling)(-|\\d|$)|grok-imagine|seedream',
    // Judges of text, not partners: llama-guard-4-12b, omni-moderation-latest, shieldgemma.
    '(^|-)(prompt-)?guard(ian)?\\d?(-|$)|shieldgemma|safeguard|moderation|granite\\d*-guardian',
    '^mistral-ocr|^aqa$|computer-use',
  ].join('|'),
);

/** Whether a listed model may be offered for a conversation, as far as its name says. */
export const mayChat = (model: string): boolean => !OTHER_KINDS.test(familyName(model));
