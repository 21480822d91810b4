import type { AuthContext } from '#runtime';
import type { SseResponse } from './sse-response.js';
import { type ClientFacts, startTurn, type StartTurnDeps, type TurnOperation } from './start-turn.js';

/** `startTurn` with this process's dependencies, to be injected. */
export class TurnStarter {
  constructor(private readonly deps: StartTurnDeps) {}

  start(auth: AuthContext, operation: TurnOperation, client: ClientFacts, response: SseResponse): Promise<void> {
    return startTurn(this.deps, auth, operation, client, response);
  }
}
