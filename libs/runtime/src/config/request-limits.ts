import { z } from 'zod';

const MB = 1024 * 1024;
const Count = z.int().min(1);

/** The part of the config file's `limits` that is about requests, with its defaults; docs/limits.md lists it. */
export const RequestLimitsConfig = z.strictObject({
  requests: z
    .strictObject({
      /** Of a JSON body, in bytes. */
      bodyBytes: Count.max(64 * MB).default(4 * MB),
      /** A body must bring 4 KB in each of these periods, in seconds. */
      stallSeconds: z.number().min(1).max(600).default(30),
    })
    .prefault({}),
  messages: z
    .strictObject({
      /** Attachments of a message that are not pictures. */
      files: Count.max(50).default(10),
      /** All attachments of a message together, pictures included, in bytes. */
      attachmentBytes: Count.default(50 * MB),
    })
    .prefault({}),
  /** Streams that one user has open at one API; `false` means no limit. */
  openStreams: z.strictObject({ perUser: z.union([z.literal(false), Count]).optional() }).prefault({}),
  /** Files that one user sends to one API at the same time. */
  uploads: z.strictObject({ perUser: Count.default(20) }).prefault({}),
});
export type RequestLimitsConfig = z.output<typeof RequestLimitsConfig>;

/** The limits of requests. A class, so that it can be injected. */
export abstract class RequestLimits {
  abstract readonly bodyBytes: number;
  abstract readonly stallMs: number;
  abstract readonly messageFiles: number;
  abstract readonly messageAttachmentBytes: number;
  /** Null means no limit. */
  abstract readonly streamsPerUser: number | null;
  abstract readonly uploadsPerUser: number;
}

/** Where users are told apart; more than the answers that a user may have active and queued. */
const STREAMS_PER_USER = 200;

/** Without users (`distinguishesUsers` false: auth `none`) all streams are one user's, who has a limit only if it is configured. */
export function requestLimits(config: RequestLimitsConfig, distinguishesUsers: boolean): RequestLimits {
  const { requests, messages, openStreams, uploads } = config;
  return {
    bodyBytes: requests.bodyBytes,
    stallMs: requests.stallSeconds * 1_000,
    messageFiles: messages.files,
    messageAttachmentBytes: messages.attachmentBytes,
    streamsPerUser: (openStreams.perUser ?? (distinguishesUsers ? STREAMS_PER_USER : false)) || null,
    uploadsPerUser: uploads.perUser,
  };
}
