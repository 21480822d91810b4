import type { JsonObject } from '#chatkit';

/** A call of a client tool that waits for the end of the turn [TC-2]. */
export interface PendingClientCall {
  readonly name: string;
  readonly arguments: JsonObject;
  /** The model's id of the call; without it a new one is made [TC-1]. */
  readonly callId?: string;
}

/** Whether something has ended the turn before the model did. */
export class TurnEnd {
  private stopped = false;
  private call: PendingClientCall | undefined;

  /** No further model call in this turn. */
  stop(): void {
    this.stopped = true;
  }

  /** Throws when the turn has made a client tool call already: the page runs one per turn [TC-1]. */
  callClientTool(call: PendingClientCall): void {
    if (this.call) throw new Error(`This turn has called the client tool ${this.call.name} already.`);
    this.call = call;
    this.stop();
  }

  get isReached(): boolean {
    return this.stopped;
  }

  get clientCall(): PendingClientCall | undefined {
    return this.call;
  }
}
