import type { ModelCall } from '../spec/language-model.js';
import type { Message } from '../spec/prompt.js';

/**
 * The call for a model that cannot be made to call a tool: where one was demanded, the instructions ask for it, and of several
 * tools only the demanded one is offered. Where all calls were forbidden, no tool is offered. Otherwise the call itself.
 */
export function suggestTool(call: ModelCall): ModelCall {
  const { toolChoice: choice, tools = [], ...rest } = call;
  if (choice === undefined) return call;
  if (choice === 'auto') return { ...rest, tools };
  if (choice === 'none') return rest;
  const named = typeof choice === 'object' ? tools.filter(({ name }) => name === choice.name) : tools;
  const what = typeof choice === 'object' ? `Call the tool "${choice.name}"` : 'Call one of your tools';
  return { ...rest, tools: named, prompt: instructed(call.prompt, `${what} before you answer.`) };
}

/** At the end of the instructions: many servers take only one system message. */
function instructed([first, ...rest]: readonly Message[], content: string): readonly Message[] {
  if (first?.role === 'system') return [{ role: 'system', content: `${first.content}\n\n${content}` }, ...rest];
  return [{ role: 'system', content }, ...(first ? [first, ...rest] : rest)];
}
