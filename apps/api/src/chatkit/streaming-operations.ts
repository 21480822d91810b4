import { Injectable } from '@nestjs/common';
import { AppError, EventEngine, PrismaThreadStore } from '#runtime';
import { type Admitted, Attachments, RunAdmission, type TurnRequest, type IdempotentReplay } from '#runtime/api';
import { ApiConfig } from '../config.js';
import { ModelNames } from '../models/model-names.js';
import { PendingStops } from '../streams/pending-stops.js';
import type { SseResponse } from '../streams/sse-response.js';
import type { Caller } from './caller.js';
import { openingOf, openingOfReplay } from './preamble.js';
import type { TurnDeps } from './to-turn-request.js';
import { type Reader, TurnStreams } from './turn-streams.js';

/** The requests that are answered with a stream: each starts a turn and shows it. */
@Injectable()
export class StreamingOperations {
  constructor(
    private readonly engine: EventEngine,
    private readonly runs: RunAdmission,
    private readonly store: PrismaThreadStore,
    private readonly attachments: Attachments,
    private readonly models: ModelNames,
    private readonly stops: PendingStops,
    private readonly streams: TurnStreams,
    private readonly config: ApiConfig,
  ) {}

  /**
   * A streaming request's way from the edge to its stream: every refusal first, then admission while the follower joins the
   * run's readers, then the preamble, then the job, then the run's events. A request that was made before, by its key, gets
   * the stream of its run. `toTurn`: what the request asks of admission.
   */
  async answer(caller: Caller, toTurn: (deps: TurnDeps) => Promise<TurnRequest>, response: SseResponse): Promise<void> {
    // Checked before anything is stored; if the engine fails later, the sweeper adds the job.
    if (!(await this.engine.untilReady())) {
      throw new AppError('service.unavailable', 'The server cannot take messages right now.');
    }
    const earlier = await this.findReplay(caller);
    if (earlier) return this.replay(earlier, caller, response);
    const { store, attachments, models, config } = this;
    const turn = await toTurn({ store, attachments, models, limits: config.requestLimits });
    await this.stops.stored(turn.threadId);
    const reader = this.streams.reader(turn.runId, caller, response, { isReplay: false });
    const admitted = await this.admitAndJoin(turn, caller, reader);
    if ('isOver' in admitted) return this.replay(admitted, caller, response);
    const streamed = { threadId: turn.threadId, opening: openingOf(turn, admitted), from: { fromLog: false } };
    await this.streams.send(streamed, reader, caller, () => {
      if (admitted.dispatch) void this.runs.dispatch(admitted.dispatch);
    });
  }

  /** The run of an earlier request with the same key. */
  private async findReplay({ auth, idempotency }: Caller): Promise<IdempotentReplay | undefined> {
    return idempotency && this.runs.findReplay(auth, idempotency);
  }

  /**
   * Admission and joining the readers, at the same time; the job is added when both are done. If the same request was admitted
   * at the same time elsewhere, its run.
   */
  private async admitAndJoin(turn: TurnRequest, caller: Caller, reader: Reader): Promise<Admitted | IdempotentReplay> {
    const joined = this.streams.join(caller, reader);
    try {
      const admitted = await this.runs.admit(caller.auth, turn);
      await joined;
      return admitted;
    } catch (error) {
      reader.follower.leave();
      const replay = await this.findReplay(caller);
      if (replay) return replay;
      throw error;
    }
  }

  /**
   * The stream of a run that exists, from its beginning, and then along with the run. A run that is over comes from the log, or
   * from Postgres when the log has expired.
   */
  private async replay(run: IdempotentReplay, caller: Caller, response: SseResponse): Promise<void> {
    const { runId, threadId, isOver } = run;
    const opening = await openingOfReplay(this.store, caller.auth, run);
    const reader = this.streams.reader(runId, caller, response, { isReplay: true });
    await this.streams.join(caller, reader);
    const streamed = { threadId, opening, from: { fromLog: true, isOver } };
    await this.streams.send(streamed, reader, caller, () => void this.runs.announceReader(runId));
  }
}
