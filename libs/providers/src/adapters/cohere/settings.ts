import type { CallSettings, SettingRanges } from '../../spec/call-settings.js';

/** https://docs.cohere.com/reference/chat-stream, noted on 2026-11-29; a value outside is refused with 400. */
export const RANGES: SettingRanges = {
  topP: { minimum: 0.01, maximum: 0.99 },
  topK: { maximum: 500 },
  frequencyPenalty: { minimum: 0, maximum: 1 },
  presencePenalty: { minimum: 0, maximum: 1 },
};
export const DEFAULTS: CallSettings = { temperature: 0.3, topP: 0.75, frequencyPenalty: 0, presencePenalty: 0 };

/** The base URL without a version: chat is in v2, the list of models in v1 only. */
export function unversioned(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v[12]$/, '');
}

/** Is this one of Cohere's own hosts? A private deployment may want no key. */
export function isCohere(baseUrl: string): boolean {
  return /(^|\.)cohere\.(com|ai)$/.test(new URL(baseUrl).hostname);
}
