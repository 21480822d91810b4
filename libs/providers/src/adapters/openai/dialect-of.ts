import { dialect, type Dialect } from './chat/dialect.js';
import { isOpenAI } from './hosts.js';

/** Alibaba Cloud's Model Studio, which has no kind of its own. */
const DASHSCOPE = /^dashscope(-\w+)?\.aliyuncs\.com$/;

const ONES = { temperature: 1, topP: 1 } as const;

/**
 * OpenAI refuses `max_tokens` for its reasoning models; most others know nothing else.
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export function dialectOf(baseUrl: string): Dialect {
  if (DASHSCOPE.test(new URL(baseUrl).hostname)) return dialect({ server: 'dashscope', fields: { topK: 'top_k' } });
  return dialect(
    isOpenAI(baseUrl) ? { server: 'openai', fields: { maxTokens: 'max_completion_tokens' }, defaults: ONES } : {},
  );
}
