import { type Fields, fields, oneOf, text } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';

/** A call that the page answers [IT-5]. */
export interface ClientToolCall extends ItemFields {
  readonly type: 'client_tool_call';
  readonly status: 'pending' | 'completed';
  readonly call_id: string;
  readonly name: string;
  readonly arguments: Fields;
  readonly output?: unknown;
}

export function readClientToolCall(own: ItemFields, item: Fields): ClientToolCall {
  return {
    ...own,
    type: 'client_tool_call',
    status: oneOf(item['status'], ['pending', 'completed']),
    call_id: text(item['call_id']),
    name: text(item['name']),
    arguments: fields(item['arguments']) ?? {},
    output: item['output'],
  };
}
