import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuthContext } from '#runtime';
import { Assistants } from '../assistants/assistants.js';
import { ApiConfig } from '../config.js';
import { FileAddresses } from '../files/file-addresses.js';
import { requestContext } from '../http/request-context.js';
import { SHIM_HEADER } from '../streams/disconnect-policy.js';
import type { Caller } from './caller.js';
import { readIdempotency } from './idempotency-key.js';

/** Finds out everything about a request but its body. */
@Injectable()
export class Callers {
  constructor(
    private readonly config: ApiConfig,
    private readonly assistants: Assistants,
    private readonly addresses: FileAddresses,
  ) {}

  /**
   * @param assistant the id in the query; the default assistant if there is none
   * @param repeatable what must be the same in a request with the same idempotency key; absent where keys mean nothing
   */
  async of(
    http: FastifyRequest,
    auth: AuthContext,
    assistant: string | undefined,
    repeatable: readonly unknown[] | undefined,
  ): Promise<Caller> {
    const { headers } = http;
    return {
      auth,
      assistant: await this.assistants.choose(assistant),
      context: requestContext(auth, http, this.config),
      links: this.addresses.linksFor(auth, http),
      isShim: SHIM_HEADER in headers,
      idempotency: repeatable && readIdempotency(headers, [assistant ?? null, ...repeatable]),
    };
  }
}

/** Of several values in a query, the last one counts. */
export const lastOf = (given: string | string[] | undefined): string | undefined =>
  typeof given === 'string' ? given : given?.at(-1);
