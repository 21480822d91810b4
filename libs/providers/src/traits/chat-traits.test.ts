import { describe, expect, it } from 'vitest';
import type { CallSettings } from '../spec/call-settings.js';
import { chatTraits, type Effort } from './chat-traits.js';
import { fitSettings } from './fit-settings.js';

const fit = (model: string, settings: CallSettings, server?: string, circumstances = {}) =>
  fitSettings(settings, chatTraits(model, server), { hasTools: false, chat: true, ...circumstances });

const withTools = (model: string, settings: CallSettings, more = {}) =>
  fit(model, settings, 'openai', { hasTools: true, ...more });

describe('an effort', () => {
  it.each<readonly [server: string | undefined, model: string, asked: Effort, sent: Effort | undefined]>([
    ['openai', 'gpt-5', 'none', 'minimal'],
    ['openai', 'gpt-5-mini-2025-08-07', 'xhigh', 'high'],
    ['openai', 'gpt-5.1', 'none', 'none'],
    ['openai', 'gpt-5.1', 'minimal', 'low'],
    ['azure-openai', 'gpt-5-2', 'max', 'xhigh'],
    ['openai', 'gpt-5.5', 'minimal', 'low'],
    ['openai', 'gpt-5-pro', 'low', 'high'],
    ['openai', 'gpt-5.2-codex', 'none', 'low'],
    ['openai', 'gpt-5.3-chat-latest', 'high', 'medium'],
    ['openai', 'gpt-6-luna', 'max', 'max'],
    ['openai', 'gpt-6-astra', 'none', 'low'],
    ['openai', 'gpt-6.1-sol-2026-10-01', 'none', 'low'],
    ['openai', 'gpt-7-luna', 'max', 'max'],
    ['openai', 'o3-mini', 'max', 'high'],
    ['openai', 'o4-mini-2025-04-16', 'none', 'low'],
    ['openai', 'gpt-4.1-mini', 'low', undefined],
    ['openai', 'gpt-4o', 'low', undefined],
    ['groq', 'openai/gpt-oss-120b', 'none', 'low'],
    ['fireworks', 'accounts/fireworks/models/gpt-oss-20b', 'max', 'high'],
    [undefined, 'gpt-oss:20b', 'minimal', 'low'],
    ['groq', 'qwen/qwen3-32b', 'none', 'none'],
    ['groq', 'qwen/qwen3-32b', 'low', undefined],
    ['xai', 'grok-4.3', 'none', 'none'],
    ['xai', 'grok-4.3', 'xhigh', 'high'],
    ['xai', 'grok-4.5', 'xhigh', 'high'],
    ['xai', 'grok-4.6', 'xhigh', 'xhigh'],
    ['xai', 'grok-4.20-0309-reasoning', 'low', undefined],
    ['xai', 'grok-4.7', 'none', 'low'],
    ['xai', 'grok-5', 'none', 'low'],
    ['xai', 'grok-4-0709', 'low', undefined],
    ['xai', 'grok-4-1-fast-reasoning', 'low', undefined],
    ['xai', 'grok-4.20-0309-non-reasoning', 'low', undefined],
    ['xai', 'grok-3-mini', 'medium', 'high'],
    ['deepseek', 'deepseek-v4-flash', 'medium', 'high'],
    ['deepseek', 'deepseek-v4-pro', 'xhigh', 'max'],
    ['gemini', 'gemini-flash-latest', 'none', 'low'],
    ['gemini', 'gemini-3-flash-preview', 'none', 'minimal'],
    ['gemini', 'gemini-3.6-flash', 'minimal', 'minimal'],
    ['gemini', 'gemini-3.8-flash', 'minimal', 'low'],
    ['gemini', 'gemini-4-flash', 'minimal', 'low'],
    ['gemini', 'gemini-3.1-pro-preview', 'minimal', 'low'],
    ['gemini', 'models/gemini-2.5-flash', 'none', 'none'],
    ['gemini', 'gemini-2.5-pro', 'none', 'low'],
    ['gemini', 'gemini-3-pro-preview', 'medium', 'high'],
    ['gemini', 'gemma-3-27b-it', 'low', undefined],
    ['mistral', 'mistral-small-latest', 'low', 'high'],
    ['mistral', 'mistral-small-2603', 'low', 'high'],
    ['mistral', 'mistral-medium-2508', 'high', undefined],
    ['mistral', 'magistral-medium-latest', 'high', undefined],
    [undefined, 'kimi-k2-thinking-turbo', 'none', undefined],
    [undefined, 'moonshotai/kimi-k3', 'none', 'low'],
    [undefined, 'kimi-k3.1-pro', 'medium', 'high'],
    ['openrouter', 'deepseek/deepseek-v4-pro', 'max', 'xhigh'],
    ['openrouter', 'openai/gpt-5', 'none', 'none'],
    ['vllm', 'Qwen/Qwen3-8B', 'max', 'max'],
  ])('at %s for %s: %s is sent as %s', (server, model, asked, sent) => {
    const { settings, warnings } = fit(model, { reasoningEffort: asked }, server);
    expect(settings.reasoningEffort).toBe(sent);
    expect(warnings).toHaveLength(asked === sent ? 0 : 1);
  });

  it.each([
    ['deepseek', 'deepseek-v4-flash'],
    [undefined, 'kimi-k2.5'],
    [undefined, 'moonshot/kimi-k2-6'],
  ])('of none is a field of its own at %s for %s', (server, model) => {
    const { settings, fields } = fit(model, { reasoningEffort: 'none' }, server);
    expect([settings, fields]).toEqual([{}, { thinking: { type: 'disabled' } }]);
  });

  it('is not said where none was asked for', () => {
    expect(fit('gpt-5', {}, 'openai')).toEqual({ settings: {}, fields: {}, warnings: [] });
  });
});

describe('sampling', () => {
  const settings: CallSettings = {
    temperature: 0.3,
    topP: 0.9,
    topK: 5,
    frequencyPenalty: 0.1,
    presencePenalty: 0,
    stop: ['x'],
    seed: 1,
    maxTokens: 9,
  };
  const kept = (model: string, server?: string, more: CallSettings = {}) =>
    Object.keys(fit(model, { ...settings, ...more }, server).settings).filter((name) => name !== 'reasoningEffort');
  const ALL = Object.keys(settings);
  const PLAIN = ['topK', 'seed', 'maxTokens'];

  it.each<readonly [model: string, server: string | undefined, effort: Effort | undefined, kept: readonly string[]]>([
    ['gpt-5', 'openai', undefined, PLAIN],
    ['gpt-5', 'openai', 'low', PLAIN],
    ['o3', 'openai', undefined, PLAIN],
    ['gpt-5.1', 'openai', undefined, ALL],
    ['gpt-5.1', 'openai', 'low', PLAIN],
    ['gpt-5.5', 'openai', 'medium', PLAIN],
    ['gpt-5.5', 'openai', 'none', ALL],
    ['gpt-5.6-luna', 'openai', undefined, PLAIN],
    ['gpt-6-luna', undefined, undefined, PLAIN],
    ['gpt-6-astra', 'openai', 'none', PLAIN],
    ['gpt-4o', 'openai', undefined, ALL],
    ['openai/gpt-oss-120b', 'groq', 'low', ALL],
    ['grok-4.3', 'xai', 'none', ['temperature', 'topP', 'topK', 'stop', 'seed', 'maxTokens']],
    ['grok-4.3', 'xai', undefined, ['temperature', 'topP', 'topK', 'seed', 'maxTokens']],
    ['grok-4', 'xai', undefined, ['temperature', 'topP', 'topK', 'seed', 'maxTokens']],
    ['kimi-k2-thinking-turbo', undefined, undefined, ALL],
    ['kimi-k2.6', undefined, undefined, ['topK', 'stop', 'seed', 'maxTokens']],
    ['kimi-k3', undefined, undefined, ['topK', 'stop', 'seed', 'maxTokens']],
    ['moonshotai/Kimi-K2.5', 'vllm', undefined, ALL],
    ['moonshotai/Kimi-K2.5', 'openrouter', undefined, ALL],
    ['deepseek-v4-flash', 'deepseek', undefined, ALL],
    ['a-model-of-ours', undefined, 'max', ALL],
  ])('of %s at %s with effort %s', (model, server, effort, left) => {
    expect(kept(model, server, effort ? { reasoningEffort: effort } : {})).toEqual(left);
    const { warnings } = fit(model, { ...settings, ...(effort && { reasoningEffort: effort }) }, server);
    const lost = warnings.flatMap((warning) =>
      'setting' in warning && warning.setting !== 'reasoningEffort' ? warning.setting : [],
    );
    expect(lost).toEqual(ALL.filter((name) => !left.includes(name)));
  });
});

describe('tools in chat completions', () => {
  it.each([
    ['gpt-5.4', { reasoningEffort: 'low' }, 'none'],
    ['gpt-5.4', {}, undefined],
    ['gpt-5.6-luna', {}, 'none'],
    ['gpt-6-luna', { reasoningEffort: 'high' }, 'none'],
    ['gpt-6-astra', { reasoningEffort: 'high' }, 'high'],
    ['gpt-5.1', { reasoningEffort: 'high' }, 'high'],
  ] as const)('of %s with %j reason as %s', (model, settings, effort) => {
    expect(withTools(model, settings).settings.reasoningEffort).toBe(effort);
    expect(withTools(model, settings, { chat: false }).settings).toEqual(settings);
  });
});

it.each([
  ['vllm', 'Qwen/Qwen3-32B', 'none', { chat_template_kwargs: { enable_thinking: false } }, undefined],
  ['llama-cpp', 'glm-4.6', 'none', { chat_template_kwargs: { enable_thinking: false } }, undefined],
  ['vllm', 'Qwen/Qwen3-32B', 'high', {}, 'high'],
  ['vllm', 'meta-llama/Llama-3.3-70B-Instruct', 'none', {}, 'none'],
  ['dashscope', 'qwen-plus', 'none', { enable_thinking: false }, undefined],
  ['dashscope', 'qwen-plus', 'low', { enable_thinking: true }, undefined],
] as const)('%s %s with the effort %s', (server, model, reasoningEffort, fields, effort) => {
  const fitted = fitSettings({ reasoningEffort }, chatTraits(model, server), { hasTools: false, chat: false });
  expect(fitted.fields).toEqual(fields);
  expect(fitted.settings.reasoningEffort).toBe(effort);
});
