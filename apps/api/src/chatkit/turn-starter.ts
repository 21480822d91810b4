import type { StreamingRequest } from '#chatkit';
import type { Caller } from './caller.js';
import type { SseResponse } from '../streams/sse-response.js';
import { startTurn } from './start-turn.js';
import type { TurnDeps } from './turn-deps.js';

/** `startTurn` with this process's dependencies, to be injected. */
export class TurnStarter {
  constructor(private readonly deps: TurnDeps) {}

  start(caller: Caller, request: StreamingRequest, response: SseResponse): Promise<void> {
    return startTurn(this.deps, caller, request, response);
  }
}
