import { isDeepStrictEqual } from 'node:util';
import { Body } from './body.js';
import { type Expected, type ExpectedCall, FORMATS } from './expected.js';
import type { Recording } from './recording.js';

/** Fields that every expectation has, so that none is silent about them. */
const REQUIRED = [
  'format',
  'name',
  'stream',
  'status',
  'text',
  'reasoning',
  'tool_calls',
  'citations',
  'finish',
  'finish_reason',
  'usage',
] as const satisfies readonly (keyof Expected)[];

const OPTIONAL = [
  'wire',
  'model',
  'tool_plan',
  'refusal',
  'error',
  'terminated',
  'flags',
  'failure',
  'images',
  'replays',
  'warnings',
  'sources',
] as const satisfies readonly (keyof Expected)[];

const FIELDS: readonly string[] = [...REQUIRED, ...OPTIONAL];

/** Reasons that servers give for an answer that has failed, and ours for them. What is not here is compared with the answer. */
const FAILED_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  COMPLETE: 'stop',
  completed: 'stop',
  stop: 'stop',
  load: 'other',
  TIMEOUT: 'other',
  ERROR: 'error',
  error: 'error',
  failed: 'error',
  insufficient_system_resource: 'error',
};

/**
 * What an expectation says of its recording that is not so, by the bytes alone and no adapter: what the file is, and what the
 * server says in words that an answer does not have. An expectation that is wrong here would make the comparison look elsewhere.
 */
export function contradictions(recording: Recording, isFailure: boolean): string[] {
  const { expected } = recording;
  const wrong = wrongFields(recording);
  if (wrong.length > 0) return wrong;
  const body = new Body(recording);
  return [
    ...aboutFile(recording, body),
    ...aboutCalls(expected.tool_calls, body),
    ...aboutQuotes(expected, body),
    ...(isFailure ? aboutFailure(recording, body) : aboutEnd(expected)),
  ];
}

/** Those of real recordings have more fields, for other readers than this one. */
function wrongFields({ expected, isOwn }: Recording): string[] {
  const missing = REQUIRED.filter((field) => expected[field] === undefined);
  const unknown = isOwn ? Object.keys(expected).filter((field) => !FIELDS.includes(field)) : [];
  return [
    ...missing.map((field) => `${field} is missing`),
    ...unknown.map((field) => `${field} is no field of an expectation`),
    ...(FORMATS.includes(expected.format) ? [] : [`there is no format ${expected.format}`]),
  ];
}

function aboutFile({ wire, name, encoding, http, expected }: Recording, body: Body): string[] {
  const isStream = encoding !== 'json';
  const isCutOff = expected.status < 400 && isStream;
  return differences(
    { name, wire, stream: isStream, status: http.status, terminated: isCutOff ? body.isEnded : undefined },
    { ...expected, wire: expected.wire ?? wire },
  );
}

/** The arguments as they are written, and the ids that no answer has. */
function aboutCalls(calls: readonly ExpectedCall[], body: Body): string[] {
  return calls.flatMap(({ name, arguments: given, arguments_raw: raw, arguments_invalid: isCut = false, ...ids }) => {
    const isWrong = isCut ? given !== null : raw !== undefined && !isDeepStrictEqual(parsed(raw), given);
    return [
      ...(isWrong ? [`the arguments of ${name} are not those in arguments_raw`] : []),
      ...unquoted({ item_id: ids.item_id }, body),
    ];
  });
}

/** What is in the server's own words. */
function aboutQuotes({ citations, error, usage, status, model }: Expected, body: Body): string[] {
  const { status: said = status, message, ...words } = error ?? {};
  const { billed_input_tokens: input, billed_output_tokens: output } = usage ?? {};
  return [
    ...aboutCitations(citations, body),
    ...unquoted({ message, ...words, model: model ?? undefined }, body),
    ...(said === status ? [] : [`error.status is ${said}`]),
    ...(input !== undefined && !body.has({ input_tokens: input, output_tokens: output }) ? ['billed tokens'] : []),
  ];
}

/** Neither more nor other ones than the server's, and all of those that name no source and so are in no answer. */
function aboutCitations(citations: readonly unknown[], body: Body): string[] {
  return [
    ...citations
      .filter((one) => timesIn(one, citations) > body.count(one))
      .map((one) => `there is no citation ${shown(one)}`),
    ...body.annotations
      .filter((one) => timesIn(one, citations) === 0)
      .map((one) => `the citation ${shown(one)} is missing`),
  ];
}

const timesIn = (one: unknown, all: readonly unknown[]) => all.filter((each) => isDeepStrictEqual(one, each)).length;

const shown = (value: unknown): string => JSON.stringify(value);

/** An answer that has failed has no reason to compare, and an error of its own. */
function aboutFailure({ expected }: Recording, body: Body): string[] {
  const { finish, finish_reason: reason, error, status } = expected;
  const meant = reason === null ? (error ? 'error' : null) : FAILED_REASONS[reason];
  const isSilent = !error && (status >= 400 || body.tellsOfError);
  return [
    ...differences(
      { finish: meant, finish_reason: status >= 400 ? null : body.reason },
      { finish, finish_reason: reason },
    ),
    ...(isSilent ? ['error is missing'] : []),
  ];
}

/** Without a reason there is nothing to translate; Ollama's older servers give none for a usual end. */
function aboutEnd({ finish, finish_reason: reason, format }: Expected): string[] {
  const mayBeSilent = format === 'ollama-chat' && finish === 'stop';
  return (finish === null) === (reason === null) || mayBeSilent ? [] : [`finish is ${finish} for ${reason}`];
}

const differences = (actual: Readonly<Record<string, unknown>>, stated: object): string[] =>
  Object.entries(actual).flatMap(([field, value]) => {
    const said = (stated as Readonly<Record<string, unknown>>)[field];
    return said === value ? [] : [`${field} is ${String(value)}, not ${String(said)}`];
  });

const unquoted = (quotes: Readonly<Record<string, unknown>>, body: Body): string[] =>
  Object.entries(quotes).flatMap(([field, value]) =>
    value === undefined || (value !== '' && body.has(value)) ? [] : [`${field} is nowhere ${shown(value)}`],
  );

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw || '{}');
  } catch {
    return undefined;
  }
}
