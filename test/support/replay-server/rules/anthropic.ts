// What https://docs.anthropic.com/en/api/messages demands of a request.
import { type Body, demand, isObject, objects } from '../bad-request.js';
import { checkBlock } from './anthropic-blocks.js';
import { checkToolUse, type Turn } from './anthropic-tool-use.js';

const FIELDS = new Set(
  `model messages max_tokens system stream temperature top_p top_k stop_sequences tools tool_choice thinking metadata
  service_tier container context_management mcp_servers output_config output_format betas cache_control`.split(/\s+/),
);

export function checkAnthropic(body: Body): void {
  demand(typeof body['model'] === 'string' && body['model'], 'model: Field required');
  const { max_tokens: maxTokens, temperature } = body;
  demand(
    Number.isInteger(maxTokens) && Number(maxTokens) >= 1,
    'max_tokens: Input should be greater than or equal to 1',
  );
  for (const field of Object.keys(body)) demand(FIELDS.has(field), `${field}: Extra inputs are not permitted`);
  demand(Array.isArray(body['messages']) && body['messages'].length > 0, 'messages: at least one message is required');
  const inRange = typeof temperature === 'number' && temperature >= 0 && temperature <= 1;
  demand(temperature === undefined || inRange, 'temperature: range: 0..1');
  checkSystem(body['system']);
  checkToolUse(turnsOf(objects(body['messages'])));
  checkTools(body);
  checkThinking(body);
}

function checkSystem(system: unknown): void {
  if (system === undefined) return;
  const texts = typeof system === 'string' ? [{ text: 'x' }] : objects(system);
  for (const { text } of texts)
    demand(typeof text === 'string' && text, 'system: text content blocks must be non-empty');
}

/** Messages in a row by one role count as one. */
function turnsOf(messages: readonly Body[]): Turn[] {
  const turns: { role: unknown; blocks: Body[] }[] = [];
  for (const [index, message] of messages.entries()) {
    const blocks = blocksOf(message, index === messages.length - 1);
    const last = turns.at(-1);
    if (last?.role === message['role']) last?.blocks.push(...blocks);
    else turns.push({ role: message['role'], blocks: [...blocks] });
  }
  demand(turns[0]?.role === 'user', 'messages: first message must use the "user" role');
  return turns;
}

function blocksOf({ role, content, ...rest }: Body, isLast: boolean): readonly Body[] {
  demand(role === 'user' || role === 'assistant', `messages: Unexpected role "${String(role)}".`);
  demand(Object.keys(rest).length === 0, `messages: ${Object.keys(rest)[0]}: Extra inputs are not permitted`);
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : objects(content);
  const isPrefill = isLast && role === 'assistant';
  demand(isPrefill || (blocks.length > 0 && content !== ''), 'messages: all messages must have non-empty content');
  for (const block of blocks) checkBlock(block, role);
  const text = blocks.at(-1)?.['text'];
  const ends = typeof text === 'string' && /\s$/.test(text);
  demand(!(isPrefill && ends), 'messages: final assistant content cannot end with trailing whitespace');
  return blocks;
}

function checkTools({ tools, tool_choice: choice }: Body): void {
  for (const { type = 'custom', name, input_schema: schema } of objects(tools)) {
    if (type !== 'custom') continue;
    demand(/^[a-zA-Z0-9_-]{1,128}$/.test(String(name)), 'tools.custom.name: String should match pattern');
    demand(isObject(schema) && schema['type'] === 'object', 'tools.custom.input_schema.type: Field required');
  }
  if (choice === undefined) return;
  demand(isObject(choice), 'tool_choice: Input should be an object');
  const allowed = objects(tools).length > 0 || choice['type'] === 'none';
  demand(allowed, 'tool_choice: may only be specified while providing tools');
}

function checkThinking({ thinking, temperature, max_tokens: maxTokens }: Body): void {
  if (!isObject(thinking) || thinking['type'] !== 'enabled') return;
  const budget = Number(thinking['budget_tokens']);
  demand(budget >= 1024, 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  demand(budget < Number(maxTokens), '`max_tokens` must be greater than `thinking.budget_tokens`');
  const free = temperature === undefined || temperature === 1;
  demand(free, '`temperature` may only be set to 1 when thinking is enabled');
}
