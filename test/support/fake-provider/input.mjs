// The conversation of a request, rewritten so that it reads the same on both wires; see "Normalised input" in
// ../fake-provider.mjs.
import { Failure } from './failure.mjs';

/** Differ per wire and SDK, and could match a pattern by chance. */
const DROPPED = new Set(['type', 'id', 'status']);

const compact = (item) => ({
  type: item.type,
  ...Object.fromEntries(
    Object.entries(item).filter(([key, value]) => !DROPPED.has(key) && value !== null && value !== undefined),
  ),
});
const joinText = (content) =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? JSON.stringify(part)).join('');
const toolOutput = (call_id, output) => ({ type: 'function_call_output', call_id, output: joinText(output) });
const thoughts = (texts) => ({ type: 'reasoning', summary: texts.map((text) => ({ type: 'summary_text', text })) });
const isPrompt = ({ role }) => role === 'system' || role === 'developer';

function contentPart(type, part) {
  if (typeof part === 'string') return { type, text: part };
  if (['text', 'input_text', 'output_text'].includes(part.type))
    return { type, text: part.text, ...(part.annotations?.length && { annotations: part.annotations }) };
  if (part.type === 'image_url')
    return { type: 'input_image', image_url: part.image_url.url, detail: part.image_url.detail ?? 'auto' };
  if (part.type === 'file') return compact({ ...part.file, type: 'input_file' });
  return compact(part);
}

function message(role, content) {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return { type: 'message', role, content: [content ?? []].flat().map((part) => contentPart(type, part)) };
}

function fromChatMessage(one) {
  if (one.role === 'tool') return [toolOutput(one.tool_call_id, one.content)];
  if (one.role !== 'assistant') return [message(one.role, one.content)];
  const calls = one.tool_calls ?? [];
  const thought = one.reasoning_content ?? one.reasoning;
  return [
    ...(thought ? [thoughts([thought])] : []),
    ...(one.content?.length || calls.length === 0 ? [message('assistant', one.content)] : []),
    ...calls.map((call) => ({
      type: 'function_call',
      call_id: call.id,
      name: call.function?.name,
      arguments: call.function?.arguments,
    })),
  ];
}

/** @returns `input` and `instructions` of a chat completions request */
export function chatInput({ messages = [] }) {
  return {
    input: messages.filter((one) => !isPrompt(one)).flatMap(fromChatMessage),
    instructions: messages
      .filter(isPrompt)
      .map((one) => joinText(one.content))
      .join('\n\n'),
  };
}

function fromResponsesItem(item) {
  if (item.type === 'message' || (!item.type && item.role)) return message(item.role, item.content);
  if (item.type === 'function_call')
    return { type: item.type, call_id: item.call_id, name: item.name, arguments: item.arguments };
  if (item.type === 'function_call_output') return toolOutput(item.call_id, item.output);
  if (item.type === 'reasoning')
    return thoughts([...(item.summary ?? []), ...(item.content ?? [])].map((part) => part.text));
  return compact(item);
}

function historyOf(id, stored) {
  if (!id) return [];
  const history = stored.get(id)?.history;
  if (history) return history;
  throw new Failure({
    status: 400,
    message: `Previous response with id '${id}' not found.`,
    code: 'previous_response_not_found',
  });
}

function dereferenced(item, stored) {
  if (item.type !== 'item_reference') return item;
  return [...stored.values()].flatMap(({ output }) => output).find(({ id }) => id === item.id) ?? item;
}

/**
 * @param stored response id → `{ history, output }`, for previous_response_id and item_reference
 * @returns `input` and `instructions` of a Responses request
 */
export function responsesInput(body, stored) {
  const items = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : (body.input ?? []);
  const input = items.filter((item) => !isPrompt(item)).map((item) => fromResponsesItem(dereferenced(item, stored)));
  return {
    input: [...historyOf(body.previous_response_id, stored), ...input],
    instructions: [body.instructions ?? '', ...items.filter(isPrompt).map((item) => joinText(item.content))]
      .filter(Boolean)
      .join('\n\n'),
  };
}
