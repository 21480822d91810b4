import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerateResult } from '../spec/generate.js';
import { ProviderError } from '../spec/provider-error.js';
import type { FinishReason, Source } from '../spec/stream-part.js';

/** What is written beside a recorded response about what an adapter must make of it. */
export interface Expected {
  readonly name: string;
  readonly stream: boolean;
  /** Frames of a stream. */
  readonly events: number;
  readonly status: number;
  readonly text: string;
  readonly reasoning: string;
  /** Cohere's; not part of `reasoning`. */
  readonly tool_plan?: string;
  readonly refusal?: string;
  readonly tool_calls: readonly { id?: string; name: string; arguments: unknown; arguments_raw?: string }[];
  readonly citations: readonly unknown[];
  readonly finish: string | null;
  readonly finish_reason: string | null;
  readonly usage: Readonly<Record<string, number>> | null;
}

/** A recorded response; `id` is `<wire>/<name>`. */
export interface Recording {
  readonly id: string;
  readonly wire: string;
  readonly expected: Expected;
}

/** All recordings of one wire, that is, folder. */
export function loadRecordings(root: string, wire: string): Recording[] {
  const files = readdirSync(join(root, wire)).filter((file) => file.endsWith('.expected.json'));
  return files.map((file) => {
    const expected: Expected = JSON.parse(readFileSync(join(root, wire, file), 'utf8'));
    return { id: `${wire}/${expected.name}`, wire, expected };
  });
}

/** The raw text of each frame of a recorded stream, to know where what comes. */
export function framesOf(root: string | undefined, id: string): string[] {
  return readFileSync(join(root ?? '', `${id}.sse`), 'utf8').split(/\r?\n\r?\n/);
}

/** A recorded whole answer is played although we ask for a stream: a server that ignores `stream`. */
export const knobsFor = ({ stream }: Expected) => (stream ? '' : 'force=1');

/** An answer in the terms in which the expectations are written. */
export function told({ text, reasoning, finish, toolCalls, usage, sources }: GenerateResult) {
  const calls = toolCalls.map(({ callId, name, arguments: raw }) => ({
    callId,
    name,
    arguments: JSON.parse(raw || '{}'),
  }));
  return { text, reasoning, finish, calls, usage: usage ?? null, sources: sources.map(nameOf) };
}

/** What {@link told} must say; a call that the server left without an id has the one that is given as `madeId`. */
export function wanted(expected: Expected, madeId: string): ReturnType<typeof told> {
  const { text, refusal = '', reasoning, finish, finish_reason: raw, tool_calls, usage, citations } = expected;
  return {
    text: text + refusal,
    reasoning,
    finish: { unified: (finish ?? 'other') as FinishReason['unified'], raw },
    calls: tool_calls.map(({ id, name, arguments: args }) => ({ callId: id ?? madeId, name, arguments: args })),
    usage: usage && toUsage(usage),
    sources: citations.flatMap(citedName),
  };
}

const nameOf = (source: Source) => (source.type === 'url' ? source.url : source.filename);

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function toUsage(usage: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(usage).map(([name, tokens]) => [camel(name), tokens]));
}

interface Citation {
  readonly type?: string;
  readonly url?: string;
  readonly filename?: string;
  readonly url_citation?: { readonly url?: string };
}

/** Citations of other kinds (file annotations of chat completions) are no sources. */
function citedName(citation: unknown): string[] {
  if (typeof citation === 'string') return [citation];
  const { type, url, filename, url_citation: inner } = citation as Citation;
  const name = inner?.url ?? (type === 'url_citation' ? url : type === 'file_citation' ? filename : undefined);
  return name ? [name] : [];
}

/** The error that an answer ends in. @throws Error when it is none of ours, or when there is none */
export async function failureOf(answer: Promise<unknown>): Promise<ProviderError> {
  const error = await answer.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw error;
  return error;
}
