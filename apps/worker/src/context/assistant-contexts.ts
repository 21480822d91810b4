import { Injectable } from '@nestjs/common';
import { type AssistantContext, newId } from '#chatkit';
import { AttachmentFiles, type AuthContext, EventEngine, type Logger, PrismaThreadStore } from '#runtime';
import { forgetLogs, type LeftOfThread } from '#runtime/worker';
import { AttachmentBudget, type RunFiles } from './attachment-budget.js';
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
  /** What the code reads counts there. */
  readonly held: RunFiles;
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
  openForModel(auth: AuthContext, signal: AbortSignal, held: RunFiles): OpenForModel {
    return openForModel(this.threads, this.files, held, auth, signal);
  }

  /** The files of one run. `whenOver` calls back when its code can hold nothing more of what it has read. */
  filesOf(auth: AuthContext, signal: AbortSignal, whenOver: (release: () => void) => void): RunFiles {
    const held = this.budget.forRun(ownerKey(auth), signal);
    whenOver(held.release);
    return held;
  }

  create({ assistantId, auth, locale, headers, signal, logger, generate, ...facts }: ContextFacts): AssistantContext {
    const { threads: store, files } = this;
    const deps = { store, files, forgetLogs: (left: LeftOfThread) => this.forgetLogs(left, logger) };
    return {
      assistantId,
      user: { id: auth.userId },
      tenant: { id: auth.tenantId },
      locale,
      headers,
      signal,
      store: assistantStore(deps, auth, { isTooLate: facts.isTooLate, hold: facts.held.hold }),
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
