import { type Body, demand, isObject } from '../bad-request.js';

/** Blocks of other formats, which people send by mistake. */
const FOREIGN = /^(image_url|input_text|input_image|output_text)$/;

/** One content block of a message by `role`. @throws BadRequest */
export function checkBlock(block: Body, role: string): void {
  const { type } = block;
  demand(typeof type === 'string', 'content.type: Field required');
  demand(!FOREIGN.test(type), `content: Input tag '${type}' does not match any of the expected tags`);
  switch (type) {
    case 'text':
      return demand(
        typeof block['text'] === 'string' && block['text'].trim(),
        'messages: text content blocks must be non-empty',
      );
    case 'tool_use':
      demand(role === 'assistant', '`tool_use` blocks can only be in `assistant` messages');
      demand(isObject(block['input']), 'tool_use.input: Input should be a valid dictionary');
      return demand(/^[a-zA-Z0-9_-]+$/.test(String(block['id'])), 'tool_use.id: String should match pattern');
    case 'tool_result':
      demand(role === 'user', '`tool_result` blocks can only be in `user` messages');
      return demand(typeof block['tool_use_id'] === 'string', 'tool_result.tool_use_id: Field required');
    case 'thinking':
      return demand(typeof block['signature'] === 'string', 'thinking.signature: Field required');
    case 'image':
      return demand(isObject(block['source']), 'image.source: Field required');
  }
}
