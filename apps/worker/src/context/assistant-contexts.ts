import { Injectable } from '@nestjs/common';
import { type AssistantContext, newId } from '#chatkit';
import { AttachmentFiles, type AuthContext, EventEngine, type Logger, PrismaThreadStore } from '#runtime';
import { forgetLogs, type LeftOfThread } from '#runtime/worker';
import { AttachmentBudget } from './attachment-budget.js';
import { assistantStore } from './assistant-store.js';
import { type OpenForModel, openForModel, ownerKey } from './read-for-model.js';
import type { Generate } from './generate-text.js';

/** The user and the request of an assistant context. */
export interface ContextFacts {
  readonly assistantId: string;
  readonly auth: AuthContext;
  readonly locale: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether what the code writes to the store comes too late; never, where it is absent. */
  readonly isTooLate?: () => boolean;
  /** Calls back when the code can hold nothing more of what it has read. */
  readonly whenOver: (release: () => void) => void;
  readonly logger: Logger;
  readonly generate: Generate;
}

/** Makes what all assistant code gets, inside a stream or not. */
@Injectable()
export class AssistantContexts {
  constructor(
    private readonly threads: PrismaThreadStore,
    private readonly files: AttachmentFiles,
    private readonly budget: AttachmentBudget,
    private readonly engine: EventEngine,
  ) {}

  /** For the built-in answer; an author's code has `store.readAttachment`. */
  openForModel(auth: AuthContext, signal: AbortSignal): OpenForModel {
    return openForModel(this.threads, this.files, this.budget, auth, signal);
  }

  create({ assistantId, auth, locale, headers, signal, logger, generate, ...facts }: ContextFacts): AssistantContext {
    const { threads: store, files } = this;
    const read = this.budget.forRun(ownerKey(auth), signal);
    facts.whenOver(read.release);
    const deps = { store, files, forgetLogs: (left: LeftOfThread) => this.forgetLogs(left, logger) };
    return {
      assistantId,
      user: { id: auth.userId },
      tenant: { id: auth.tenantId },
      locale,
      headers,
      signal,
      store: assistantStore(deps, auth, { isTooLate: facts.isTooLate, hold: read.hold }),
      log: {
        info: (message, line) => logger.info(line ?? {}, message),
        warn: (message, line) => logger.warn(line ?? {}, message),
        error: (message, line) => logger.error(line ?? {}, message),
      },
      newId,
      generate,
    };
  }

  private forgetLogs(left: LeftOfThread, logger: Logger): Promise<void> {
    return forgetLogs(this.engine.log, left, (error) =>
      logger.warn({ err: error }, 'could not delete the logs of a deleted thread'),
    );
  }
}
