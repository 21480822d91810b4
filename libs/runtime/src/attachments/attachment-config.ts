import { z } from 'zod';
import type { AttachmentLimits, AttachmentQuota } from './quota.js';

const MB = 1024 * 1024;
const MAX_FILE_BYTES = 1024 * MB;

const Limits = z.strictObject({
  files: z
    .union([z.literal(false), z.int().min(1)])
    .optional()
    .describe('How many files'),
  bytes: z
    .union([z.literal(false), z.int().min(1)])
    .optional()
    .describe('How many bytes together'),
});

/** The part `attachments` of the config file. */
export const AttachmentsConfig = z.strictObject({
  maxBytes: z
    .int()
    .min(1)
    .max(MAX_FILE_BYTES)
    .default(20 * MB)
    .describe('The largest file, in bytes'),
  linkSeconds: z
    .int()
    .min(60)
    .max(604_800)
    .default(3_600)
    .describe('How long a link to a file is valid; a page gets new ones whenever it reads a thread'),
  direct: z.boolean().default(true).describe('With an object store: browsers send and get the bytes without us'),
  upload: z
    .enum(['two_phase', 'direct'])
    .default('two_phase')
    .describe(
      'How pages are told to upload: announce a file and send its bytes to a signed link, or one request with both',
    ),
  quota: z.strictObject({ perUser: Limits.prefault({}), perTenant: Limits.prefault({}) }).prefault({}),
});
export type AttachmentsConfig = z.output<typeof AttachmentsConfig>;

const PER_USER = { files: 10_000, bytes: 10 * 1024 * MB };
const NONE = { files: false, bytes: false } as const;

/** `isLimited`: where only one person can come in, no limit is set unless it is configured. */
export function attachmentQuota({ quota }: AttachmentsConfig, isLimited: boolean): AttachmentQuota {
  return {
    perUser: limitsOf(quota.perUser, isLimited ? PER_USER : NONE),
    perTenant: limitsOf(quota.perTenant, NONE),
  };
}

const limitsOf = ({ files, bytes }: z.output<typeof Limits>, byDefault: z.output<typeof Limits>): AttachmentLimits => ({
  files: (files ?? byDefault.files) || null,
  bytes: (bytes ?? byDefault.bytes) || null,
});
