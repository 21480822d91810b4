import type { FastifyReply } from 'fastify';
import { type CompletionCall, type CompletionDeps, startCompletion } from './start-completion.js';

/** `startCompletion` with this process's dependencies, to be injected. */
export class CompletionStarter {
  constructor(private readonly deps: CompletionDeps) {}

  start(call: CompletionCall, reply: FastifyReply): Promise<void> {
    return startCompletion(this.deps, call, reply);
  }
}
