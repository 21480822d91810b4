import { z } from 'zod';
import { type AuthMode, type Catalogue, type RequestLimits } from '#runtime';
import type { AnswerOf } from '../described/describes.js';
import { ACCEPTED_FILES } from './accepted-files.js';

/** An assistant that a page can offer, named as the options of `@openai/chatkit` are where they have the field. */
const PageAssistant = z.object({
  /** For `POST /chatkit?assistant=<id>`. */
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  /** Answers where none is named. */
  default: z.boolean(),
  greeting: z.string().optional(),
  placeholder: z.string().optional(),
  disclaimer: z.string().optional(),
  prompts: z.array(z.looseObject({ label: z.string(), prompt: z.string() })),
  composerTools: z.array(z.looseObject({ id: z.string(), label: z.string(), icon: z.string() })),
  /** `input.transcribe` works: offer the microphone. */
  dictation: z.boolean(),
  /** Whether the stop button is offered. */
  allowCancel: z.boolean(),
  /** What happens to a message that is sent while its thread is being answered. */
  doubleTexting: z.string(),
});
export type PageAssistant = AnswerOf<typeof PageAssistant>;

/** What `@openai/chatkit` takes as `uploadStrategy`. */
const UploadStrategy = z.discriminatedUnion('type', [
  z.object({ type: z.literal('two_phase') }),
  z.object({ type: z.literal('direct'), uploadUrl: z.string() }),
]);
export type UploadStrategy = AnswerOf<typeof UploadStrategy>;

/** What a page must know before its first request; docs/configuration.md lists it. */
export const PageConfig = z.object({
  versions: z.object({ server: z.string() }),
  /** Without authentication the person is the operator, and is shown the causes of failures. */
  local: z.boolean(),
  auth: z.object({ required: z.boolean(), modes: z.array(z.string()) }),
  /** Null where none is configured. */
  domainKey: z.string().nullable(),
  uploadStrategy: UploadStrategy,
  attachments: z.object({
    /** Files of one message that are no pictures. */
    maxCount: z.number(),
    /** Bytes of one file, and of all of one message. */
    maxSize: z.number(),
    maxTotalSize: z.number(),
    accept: z.record(z.string(), z.array(z.string())),
  }),
  /** Bytes of a JSON body: recorded speech is sent in one, as base64. */
  maxRequestSize: z.number(),
  /** What every assistant of this server can be asked for. */
  features: z.object({
    feedback: z.literal(true),
    retry: z.literal(true),
    edit: z.literal(true),
    search: z.literal(true),
  }),
  /** False while no worker takes jobs: messages wait, and the list of assistants may not be known yet. */
  ready: z.boolean(),
  assistants: z.array(PageAssistant),
});
export type PageConfig = AnswerOf<typeof PageConfig>;

/**
 * A page that is loaded again and again asks once; no cache between may hand one person's answer to another. `isReady`: without a
 * worker the answer is another one in a moment. `isOfRequest`: the upload URL is that of the request's own host.
 */
export const cacheControl = (facts: { readonly isReady: boolean; readonly isOfRequest: boolean }): string =>
  facts.isReady && !facts.isOfRequest ? 'private, max-age=10' : 'no-store';

/** What the parts of {@link PageConfig} are made of. */
export interface PageFacts {
  readonly version: string;
  readonly isSingleUser: boolean;
  readonly modes: readonly AuthMode[];
  readonly domainKey: string | undefined;
  readonly uploadStrategy: UploadStrategy;
  readonly maxBytes: number;
  readonly limits: RequestLimits;
  readonly catalogue: Pick<Catalogue, 'assistants' | 'defaultAssistant'> | undefined;
  /** Whether any worker takes jobs. */
  readonly isServed: boolean;
}

/** The answer of `GET /config`: nothing in it is secret, and everything is the same for all callers. */
export function pageConfig(facts: PageFacts): PageConfig {
  const { version, isSingleUser, modes, domainKey, uploadStrategy, maxBytes, limits, catalogue, isServed } = facts;
  return {
    versions: { server: version },
    local: isSingleUser,
    auth: { required: !isSingleUser, modes },
    domainKey: domainKey ?? null,
    uploadStrategy,
    attachments: {
      maxCount: limits.messageFiles,
      maxSize: maxBytes,
      maxTotalSize: limits.messageAttachmentBytes,
      accept: ACCEPTED_FILES,
    },
    maxRequestSize: limits.bodyBytes,
    features: { feedback: true, retry: true, edit: true, search: true },
    ready: catalogue !== undefined && isServed,
    assistants: catalogue ? pageAssistants(catalogue) : [],
  };
}

/** The default one first, the others in the order of the configuration. */
function pageAssistants({ assistants, defaultAssistant }: NonNullable<PageFacts['catalogue']>): PageAssistant[] {
  const offered = assistants.map(
    ({ id, presentation: { name = id, ...presentation }, features, allowCancel, doubleTexting }): PageAssistant => ({
      id,
      name,
      ...presentation,
      default: id === defaultAssistant,
      dictation: features.includes('transcribe'),
      allowCancel,
      doubleTexting,
    }),
  );
  return offered.toSorted((a, b) => Number(b.default) - Number(a.default));
}
