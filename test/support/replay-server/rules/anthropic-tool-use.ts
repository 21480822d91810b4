import { type Body, demand } from '../bad-request.js';

/** The blocks of all messages in a row that are by one role. */
export interface Turn {
  readonly role: unknown;
  readonly blocks: readonly Body[];
}

/** Each use of a tool has its result at the beginning of the next turn, and no result is without its use. @throws BadRequest */
export function checkToolUse(turns: readonly Turn[]): void {
  for (const [index, { role, blocks }] of turns.entries()) {
    const uses = idsOf(blocks, 'tool_use', 'id');
    const results = new Set(idsOf(turns[index + 1]?.blocks, 'tool_result', 'tool_use_id'));
    demand(new Set(uses).size === uses.length, 'messages: `tool_use` ids must be unique');
    const answered = uses.every((id) => results.has(id));
    demand(answered, 'messages: `tool_use` ids were found without `tool_result` blocks immediately after');
    const used = new Set(idsOf(turns[index - 1]?.blocks, 'tool_use', 'id'));
    const known = idsOf(blocks, 'tool_result', 'tool_use_id').every((id) => used.has(id));
    demand(known, 'messages: unexpected `tool_use_id` found in `tool_result` blocks');
    if (role === 'user') checkOrder(blocks);
  }
}

function checkOrder(blocks: readonly Body[]): void {
  const other = blocks.findIndex(({ type }) => type !== 'tool_result');
  const late = other >= 0 && blocks.slice(other).some(({ type }) => type === 'tool_result');
  demand(!late, '`tool_result` blocks must come first in the content of a `user` message');
}

const idsOf = (blocks: readonly Body[] = [], type: string, field: string): unknown[] =>
  blocks.filter((block) => block['type'] === type).map((block) => block[field]);
