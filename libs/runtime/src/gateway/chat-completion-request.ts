import { z } from 'zod';
import { boundedList, boundedText, MAX_ISSUES } from '#chatkit';

/**
 * `POST /v1/chat/completions`. Listed fields with invalid values are refused; all others stay as they are, for providers that know
 * them. Null means that a field is absent.
 */

const isFilled = (list: readonly unknown[]): boolean => list.length > 0;
const parts = <Part extends z.ZodType>(part: Part) => boundedList('completion.parts', part);

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const Text = z.union([z.string(), parts(TextPart).refine(isFilled)], 'must be a string, or a list of text parts');

const ImagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({
    url: z
      .string()
      .refine(
        (url) => (/^https?:\/\/\S+$/.test(url) && URL.canParse(url)) || /^data:image\/[\w.+-]+;base64,/.test(url),
        'must be an http(s) URL, or a data URL',
      ),
  }),
});

const FilePart = z.object({
  type: z.literal('file'),
  file: z.object({
    filename: boundedText('file.name').nullish(),
    file_data: z
      .string()
      .regex(/^data:[\w.+/-]+;base64,/, 'must be a data URL with base64; file ids are not known here'),
  }),
});

const ToolCall = z.object({
  id: boundedText('id').min(1),
  type: z.literal('function').default('function'),
  function: z.object({ name: boundedText('id').min(1), arguments: z.string() }),
});

const SystemMessage = z.object({ role: z.enum(['system', 'developer']), content: Text });
const UserMessage = z.object({
  role: z.literal('user'),
  content: z.union([z.string(), parts(z.discriminatedUnion('type', [TextPart, ImagePart, FilePart])).refine(isFilled)]),
});
const AssistantMessage = z.object({
  role: z.literal('assistant'),
  content: z
    .union([
      z.string(),
      parts(z.discriminatedUnion('type', [TextPart, z.object({ type: z.literal('refusal'), refusal: z.string() })])),
    ])
    .nullish(),
  tool_calls: boundedList('completion.tool_calls', ToolCall).nullish(),
  /** Pictures of an earlier answer, as OpenRouter's clients send them back with its message. */
  images: parts(ImagePart.partial({ type: true })).nullish(),
});
const ToolMessage = z.object({ role: z.literal('tool'), tool_call_id: boundedText('id').min(1), content: Text });

const ChatMessage = z.discriminatedUnion('role', [SystemMessage, UserMessage, AssistantMessage, ToolMessage]);

const Tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().regex(/^[\w.-]{1,128}$/, 'must be letters, digits, "_", "." and "-"'),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
});

const ToolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.object({ type: z.literal('function'), function: z.object({ name: boundedText('id') }) }),
  ],
  'must be none, auto, required, or { type: "function", function: { name } }',
);

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: boundedText('id').min(1),
      description: z.string().nullish(),
      schema: z.record(z.string(), z.unknown()),
      strict: z.boolean().nullish(),
    }),
  }),
]);

/** What the answer would have, and has no place for here. */
const unsupported = (hint: string) => z.null(`is not supported: ${hint}`).optional();

const tokens = z.int().min(1).nullish();
const penalty = z.number().min(-2).max(2).nullish();

export const ChatCompletionRequest = z
  .looseObject({
    /** A public name, or `provider/model`. */
    model: boundedText('id').min(1),
    messages: boundedList('completion.messages', ChatMessage).refine(isFilled, 'must not be empty'),
    tools: boundedList('completion.tools', Tool).nullish(),
    tool_choice: ToolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().gt(0).max(1).nullish(),
    /** Not a field of OpenAI's, but of most servers that speak its format. */
    top_k: z.int().min(1).nullish(),
    max_tokens: tokens,
    max_completion_tokens: tokens,
    stop: z.union([z.string().min(1), boundedList('completion.stop', z.string().min(1))]).nullish(),
    seed: z.int().nullish(),
    frequency_penalty: penalty,
    presence_penalty: penalty,
    response_format: ResponseFormat.nullish(),
    reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
    n: z.literal(1, 'only one answer can be asked for').nullish(),
    functions: unsupported('use tools'),
    function_call: unsupported('use tool_choice'),
    audio: unsupported('answers are text'),
    modalities: z.array(z.literal('text', 'must be text: answers are nothing else')).nullish(),
    logprobs: z.literal(false, 'is not supported: answers have no probabilities').nullish(),
    top_logprobs: z.literal(0, 'is not supported: answers have no probabilities').nullish(),
    moderation: unsupported('answers have no place for its results'),
  })
  .superRefine(({ messages, tools, tool_choice: choice }, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (choice && typeof choice === 'object' && !tools?.some((tool) => tool.function.name === choice.function.name)) {
      issue(['tool_choice'], `there is no tool "${choice.function.name}" in tools`);
    }
    const asked = new Set<string>();
    for (const [index, message] of messages.entries()) {
      if (message.role === 'assistant') for (const { id } of message.tool_calls ?? []) asked.add(id);
      if (context.issues.length >= MAX_ISSUES) return;
      if (message.role === 'tool' && !asked.has(message.tool_call_id)) {
        issue(['messages', index, 'tool_call_id'], 'no assistant message before it has a tool call of this id');
      }
    }
  });

/** A completion request, as it is stored with its run and read by the worker. */
export type ChatCompletionRequest = z.output<typeof ChatCompletionRequest>;

/** The fields of a request that are not listed above, without those that are null. */
export function unlistedFields(request: ChatCompletionRequest): Readonly<Record<string, unknown>> {
  const listed = ChatCompletionRequest.shape;
  return Object.fromEntries(
    Object.entries(request).filter(([name, value]) => !Object.hasOwn(listed, name) && value !== null),
  );
}
