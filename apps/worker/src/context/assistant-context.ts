import { type AssistantContext, type AssistantStore, newId } from '#chatkit';
import type { AttachmentFiles, AuthContext, Logger, ThreadStore } from '#runtime';
import type { Generate } from './generate-text.js';
import { assistantStore } from './assistant-store.js';

/** What it takes to run assistant code for somebody. */
export interface ContextDeps {
  readonly store: ThreadStore;
  readonly files: Pick<AttachmentFiles, 'read'>;
}

/** For whom, and for which request. */
export interface ContextFacts {
  readonly assistantId: string;
  readonly auth: AuthContext;
  readonly locale: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly generate: Generate;
}

/** What all assistant code gets, inside a stream or not. */
export function assistantContext(deps: ContextDeps, facts: ContextFacts): AssistantContext {
  const { assistantId, auth, locale, headers, signal, logger, generate } = facts;
  const store: AssistantStore = assistantStore(deps, auth);
  return {
    assistantId,
    user: { id: auth.userId },
    tenant: { id: auth.tenantId },
    locale,
    headers,
    signal,
    store,
    log: {
      info: (message, line) => logger.info(line ?? {}, message),
      warn: (message, line) => logger.warn(line ?? {}, message),
      error: (message, line) => logger.error(line ?? {}, message),
    },
    newId,
    generate,
  };
}
