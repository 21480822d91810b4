import type { ClientToolCall } from '../../../web/src/protocol/items/client-tool-call.js';
import { oneLine } from '../plain.js';
import { prompt } from './prompt.js';

const DECLINED = { error: 'declined', message: 'The user has not allowed this.' };
const NOT_AVAILABLE = {
  error: 'not_available',
  message: 'This is a terminal, which has no such tool. Go on without it.',
};

/** What a tool of the page returns: the person carries it out. Undefined if they have left. */
export async function askTool(
  call: ClientToolCall,
  say: (line: string) => void,
): Promise<{ result: unknown } | undefined> {
  say(`The assistant calls ${oneLine(call.name)} with ${oneLine(JSON.stringify(call.arguments))}`);
  const reply = await prompt('  result (JSON or text; empty: not available; no: declined): ');
  if (typeof reply === 'string') return undefined;
  const line = reply.line.trim();
  if (line === '') return { result: NOT_AVAILABLE };
  return { result: line === 'no' ? DECLINED : resultIn(line) };
}

function resultIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
