import { Injectable } from '@nestjs/common';
import { type AuthContext, SigningKeys } from '#runtime';
import { type FileLinks, type LinkQuery, LinkSigner, type LinkUse, PLACE_ONLY } from '#runtime/api';
import { ApiConfig } from '../config.js';
import { type AddressFacts, addressOf } from './request-address.js';

/** The URLs of files: made for one request, checked in another, perhaps of another process. */
@Injectable()
export class FileAddresses {
  private readonly addressOf: (request: AddressFacts) => string;
  private readonly signer: LinkSigner;

  constructor({ publicUrl, attachments }: ApiConfig, keys: SigningKeys) {
    this.addressOf = addressOf(publicUrl);
    this.signer = new LinkSigner(keys, attachments.linkSeconds);
  }

  /** Links for the owner of the files; whoever has one may use it until it expires. */
  linksFor({ tenantId }: AuthContext, request: AddressFacts): FileLinks {
    const base = this.addressOf(request);
    const link = (use: LinkUse, path: string, id: string) => `${base}${path}?${this.signer.sign(use, id, tenantId)}`;
    return {
      upload: (id) => link('upload', PLACE_ONLY.upload(id), id),
      preview: (id) => link('preview', PLACE_ONLY.preview(id), id),
      download: (id) => link('download', PLACE_ONLY.download(id), id),
    };
  }

  /** Where a file is added by one request. */
  uploadUrl(request: AddressFacts): string {
    return `${this.addressOf(request)}/files`;
  }

  /** The tenant whose file a signed link leads to. Throws `AppError` `link.invalid` and `link.expired`. */
  verify(use: LinkUse, id: string, query: LinkQuery): string {
    return this.signer.verify(use, id, query);
  }
}
