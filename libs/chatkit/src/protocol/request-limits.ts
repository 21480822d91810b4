/** What one part of a request may have at most. */
export interface RequestLimit {
  readonly max: number;
  readonly unit: 'characters' | 'entries' | 'levels' | 'values';
  /** What is limited, as the documentation says it. */
  readonly of: string;
}

const characters = (max: number, of: string): RequestLimit => ({ max, unit: 'characters', of });
const entries = (max: number, of: string): RequestLimit => ({ max, unit: 'entries', of });

/**
 * The limits of every request, by the names under which errors and docs/limits.md list them. They are for requests only: what
 * is stored is read whatever its size. Far above what people and programs send, and low enough that a request which
 * reaches all of them at once costs milliseconds. A character is a UTF-16 unit.
 */
export const REQUEST_LIMITS = {
  'json.depth': { max: 100, unit: 'levels', of: 'arrays and objects within each other in a JSON body' },
  'json.values': { max: 50_000, unit: 'values', of: 'members of all arrays and objects of a JSON body' },
  'json.keys': entries(10_000, 'the members of one object of a JSON body'),
  id: characters(256, 'an id, a page cursor, the name of a model or of a tool'),
  title: characters(1_000, 'the title of a thread'),
  'message.parts': entries(1_000, 'the content parts of a message'),
  'message.text': characters(1_000_000, 'the text of a message, all parts together'),
  'message.quote': characters(100_000, 'the quoted text of a message'),
  'message.tag': characters(1_000, 'the id, the text and the group of a tag, each'),
  'message.attachments': entries(50, 'the attachments of a message'),
  'form.answers': entries(500, 'the answered questions of a form'),
  'form.values': entries(500, 'the values of one answer'),
  'form.value': characters(100_000, 'one value of an answer'),
  'action.type': characters(256, 'the type of an action'),
  'feedback.items': entries(1_000, 'the items of one feedback'),
  'file.name': characters(1_000, 'the name of an announced file'),
  'media.type': characters(255, 'a media type'),
  'completion.fields': entries(200, 'the fields of a chat completion'),
  'completion.messages': entries(10_000, 'the messages of a chat completion'),
  'completion.parts': entries(1_000, 'the content parts of one message of a chat completion'),
  'completion.tool_calls': entries(500, 'the tool calls of one message of a chat completion'),
  'completion.tools': entries(512, 'the tools of a chat completion'),
  'completion.stop': entries(16, 'the stop sequences of a chat completion'),
} as const satisfies Record<string, RequestLimit>;

/** More errors than these are not listed: nobody reads them, and a request may have as many as it has values. */
export const MAX_ISSUES = 10;

/** The name of a limit. */
export type RequestLimitName = keyof typeof REQUEST_LIMITS;

/** What is said to a sender who has exceeded a limit; continues "params.title …". */
export function exceeded(name: RequestLimitName): string {
  const { max, unit } = REQUEST_LIMITS[name];
  return `must have at most ${max} ${unit} (limit ${name})`;
}
