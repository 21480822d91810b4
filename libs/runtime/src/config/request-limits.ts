import { z } from 'zod';

const MB = 1024 * 1024;
const Count = z.int().min(1);

/** The part of the config file's `limits` that is about requests, with its defaults; docs/limits.md lists it. */
export const RequestLimitsConfig = z.strictObject({
  requests: z
    .strictObject({
      bodyBytes: Count.max(64 * MB)
        .default(4 * MB)
        .describe('Of a JSON body, in bytes'),
      stallSeconds: z
        .number()
        .min(1)
        .max(600)
        .default(30)
        .describe('A body must bring 4 KB in each of these periods, in seconds'),
      openBytes: Count.optional().describe('Of all JSON bodies that one API holds, in bytes'),
    })
    .refine(({ bodyBytes, openBytes = bodyBytes }) => openBytes >= bodyBytes, {
      path: ['openBytes'],
      error: 'must be at least bodyBytes, or no largest body is accepted',
    })
    .prefault({}),
  messages: z
    .strictObject({
      files: Count.max(50).default(10).describe('Attachments of a message that are not pictures'),
      attachmentBytes: Count.default(50 * MB).describe(
        'All attachments of a message together, pictures included, in bytes',
      ),
    })
    .prefault({}),
  openStreams: z
    .strictObject({
      perUser: z
        .union([z.literal(false), Count])
        .optional()
        .describe('200 by default where users are told apart'),
    })
    .prefault({})
    .describe('Streams that one user has open at one API; `false` means no limit'),
  uploads: z
    .strictObject({ perUser: Count.default(20).describe('Of one user') })
    .prefault({})
    .describe('Files that one user sends to one API at the same time'),
  downloads: z
    .strictObject({ perUser: Count.default(100).describe('Of one user') })
    .prefault({})
    .describe('Files that one API sends to one user at the same time'),
});
export type RequestLimitsConfig = z.output<typeof RequestLimitsConfig>;

/** The limits of requests. A class, so that it can be injected. */
export abstract class RequestLimits {
  abstract readonly bodyBytes: number;
  abstract readonly stallMs: number;
  /** Of the bodies that one API holds, those above 64 KB together. */
  abstract readonly openBytes: number;
  /** Of these, those of one user. */
  abstract readonly openBytesPerUser: number;
  abstract readonly messageFiles: number;
  abstract readonly messageAttachmentBytes: number;
  /** Null means no limit. */
  abstract readonly streamsPerUser: number | null;
  abstract readonly uploadsPerUser: number;
  abstract readonly downloadsPerUser: number;
}

/** Where users are told apart; more than the answers that a user may have active and queued. */
const STREAMS_PER_USER = 200;
/** What is made of them while they are answered takes up to eight times as much: half of the memory that an API should need. */
const OPEN_BYTES = 32 * MB;

interface Users {
  /** Otherwise everything is one user's. */
  readonly hasUsers: boolean;
  /** Whether a user has the limit of streams by default: not where only one person can come in. */
  readonly isLimited: boolean;
}

export function requestLimits(config: RequestLimitsConfig, { hasUsers, isLimited }: Users): RequestLimits {
  const { requests, messages, openStreams, uploads, downloads } = config;
  const { bodyBytes, openBytes = Math.max(OPEN_BYTES, 2 * bodyBytes) } = requests;
  return {
    bodyBytes,
    stallMs: requests.stallSeconds * 1_000,
    openBytes,
    openBytesPerUser: hasUsers ? Math.max(Math.floor(openBytes / 2), bodyBytes) : openBytes,
    messageFiles: messages.files,
    messageAttachmentBytes: messages.attachmentBytes,
    streamsPerUser: (openStreams.perUser ?? (isLimited ? STREAMS_PER_USER : false)) || null,
    uploadsPerUser: uploads.perUser,
    downloadsPerUser: downloads.perUser,
  };
}
