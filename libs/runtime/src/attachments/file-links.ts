import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Attachment, ThreadItem } from '#chatkit';
import { AppError } from '../errors/app-error.js';

/** URLs of the files of one caller. */
export interface FileLinks {
  upload(id: string): string;
  preview(id: string): string;
  download(id: string): string;
}

/** Keys by which this installation signs, the same in every process; of those that verify, the first signs. */
export interface LinkKeys {
  signing(purpose: 'file'): Buffer;
  verifying(purpose: 'file'): readonly Buffer[];
}

/** What a link allows. */
export type LinkUse = 'upload' | 'download' | 'preview';

/** A link as its URL states it, signed or not. */
interface LinkFacts {
  readonly use: LinkUse;
  readonly id: string;
  readonly tenantId: string;
  /** In seconds since 1970. */
  readonly expires: number;
}

/** The query of a signed link. */
export interface LinkQuery {
  readonly tenant?: unknown;
  readonly expires?: unknown;
  readonly signature?: unknown;
}

/** What is stored: where a file is, to be made a link when it is read. */
export const PLACE_ONLY: FileLinks = {
  upload: (id) => `/files/${id}`,
  preview: (id) => `/files/${id}/preview`,
  download: (id) => `/files/${id}`,
};

/** The attachment with links that are valid from now on [AT-8]. */
export function withLinks(attachment: Attachment, links: FileLinks): Attachment {
  const { id, upload_descriptor: descriptor } = attachment;
  return {
    ...attachment,
    ...(attachment.type === 'image' && { preview_url: links.preview(id) }),
    ...(descriptor && { upload_descriptor: { url: links.upload(id), method: 'PUT', headers: {} } }),
  };
}

/** The item with links that are valid from now on. Every item that leaves for a client passes through here. */
export function withFileLinks<Item extends ThreadItem>(item: Item, links: FileLinks): Item {
  if (item.type !== 'user_message' || item.attachments.length === 0) return item;
  return { ...item, attachments: item.attachments.map((attachment) => withLinks(attachment, links)) };
}

/** Signs links to files, and checks them. */
export class LinkSigner {
  /** @param seconds how long a link is valid at least; at most a quarter longer */
  constructor(
    private readonly keys: LinkKeys,
    private readonly seconds: number,
  ) {}

  /** The query of a link from now on. The same for some time, so that browsers may cache what it leads to. */
  sign(use: LinkUse, id: string, tenantId: string, now = Date.now()): string {
    const step = Math.max(1, Math.floor(this.seconds / 4));
    const expires = (Math.floor(now / 1000 / step) + 1) * step + this.seconds;
    const signature = signatureOf({ use, id, tenantId, expires }, this.keys.signing('file')).toString('base64url');
    return new URLSearchParams({ tenant: tenantId, expires: String(expires), signature }).toString();
  }

  /** Throws `AppError` `link.invalid` and `link.expired`. Returns the tenant whose file it is. */
  verify(use: LinkUse, id: string, { tenant, expires, signature }: LinkQuery, now = Date.now()): string {
    if (typeof tenant !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(String(expires))) {
      throw invalid();
    }
    const facts = { use, id, tenantId: tenant, expires: Number(expires) };
    const given = Buffer.from(signature, 'base64url');
    const isRight = this.keys.verifying('file').some((key) => isEqual(given, signatureOf(facts, key)));
    if (!isRight) throw invalid();
    if (facts.expires * 1000 <= now) {
      throw new AppError('link.expired', 'This link has expired. Open the chat again to get a new one.');
    }
    return tenant;
  }
}

/** As JSON, no part can be mistaken for another. */
const signatureOf = ({ use, id, tenantId, expires }: LinkFacts, key: Buffer): Buffer =>
  createHmac('sha256', key)
    .update(JSON.stringify([use, id, tenantId, expires]))
    .digest();

const isEqual = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

const invalid = (): AppError =>
  new AppError('link.invalid', 'This link is not valid: its signature is wrong, or a part of it is missing.');
