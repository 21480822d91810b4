import { newId, type RequestOf, type ThreadMetadata, type UserMessageItem } from '#chatkit';
import {
  AppError,
  type AuthContext,
  type EventEngine,
  type FollowDeps,
  type Logger,
  RunFollower,
  type RunLifecycle,
  type ThreadStore,
  type TurnRequest,
} from '#runtime';
import type { ModelNames } from '../models/model-names.js';
import { onDisconnect } from './disconnect-policy.js';
import type { OpenStreams } from './open-streams.js';
import { preamble } from './preamble.js';
import type { SseResponse } from './sse-response.js';

export interface StartTurnDeps {
  readonly engine: EventEngine;
  readonly lifecycle: RunLifecycle;
  readonly store: ThreadStore;
  readonly models: ModelNames;
  readonly follow: FollowDeps;
  readonly streams: OpenStreams;
  readonly logger: Logger;
}

export type TurnOperation = RequestOf<'threads.create' | 'threads.add_user_message'>;

/** What the request's headers say about the caller's client. */
export interface ClientFacts {
  readonly announcedShim: boolean;
  readonly locale: string | undefined;
}

const ASSISTANT_ID = 'default';
/** The stop button is offered for every turn of the default assistant. */
const ALLOW_CANCEL = true;

/**
 * A message's way from the edge to its stream: every refusal first, then admit while the readers' place is taken,
 * then the preamble, then the job, then whatever the run says.
 */
export async function startTurn(
  deps: StartTurnDeps,
  auth: AuthContext,
  operation: TurnOperation,
  client: ClientFacts,
  response: SseResponse,
): Promise<void> {
  // Seen before anything is stored; an engine that goes away later is made up for by the sweeper.
  if (!deps.engine.isReady()) throw new AppError('service.unavailable', 'The server cannot take messages right now.');
  await deps.models.assertKnown(operation.params.input.inference_options.model);
  const turn = await toTurn(deps.store, auth, operation, client);
  const follower = new RunFollower(deps.follow, turn.runId, response);
  const dispatch = await admitAndJoin(deps, auth, turn, follower);

  deps.streams.add(response);
  response.onAborted(() => leave(deps, turn.runId, follower, client));
  response.open({ 'chatkit-run-id': turn.runId }, { runId: turn.runId, threadId: turn.threadId });
  response.write(preamble(createdThread(turn), turn.userItem, ALLOW_CANCEL));
  follower.start({ fromLog: false });
  if (response.isClosed) leave(deps, turn.runId, follower, client);
  else if (dispatch) void deps.lifecycle.dispatch(dispatch);
  await follower.done;
  deps.streams.remove(response);
  response.end();
}

/** Admission and the place among the readers, side by side; the job is added when both are done. */
async function admitAndJoin(deps: StartTurnDeps, auth: AuthContext, turn: TurnRequest, follower: RunFollower) {
  const joined = follower.join().catch((error: Error) => {
    // The run is told of in Postgres and in the log: a follower that nobody copies to reads them every 3 s.
    deps.logger.warn({ err: error, runId: turn.runId }, 'cannot join the readers of a run');
  });
  try {
    const dispatch = await deps.lifecycle.admit(auth, turn);
    await joined;
    return dispatch;
  } catch (error) {
    follower.stop();
    throw error;
  }
}

function leave(deps: StartTurnDeps, runId: string, follower: RunFollower, client: ClientFacts): void {
  const wasLastReader = follower.stop();
  const serverStops = deps.streams.stopping;
  if (onDisconnect({ announcedShim: client.announcedShim, wasLastReader, serverStops }) === 'detach') return;
  deps.lifecycle.requestStop(runId).then(
    ({ met }) => deps.logger.info({ runId, met }, 'the reader left: stop asked for'),
    (error: Error) => deps.logger.error({ err: error, runId }, 'cannot ask for a stop'),
  );
}

async function toTurn(
  store: ThreadStore,
  auth: AuthContext,
  operation: TurnOperation,
  client: ClientFacts,
): Promise<TurnRequest> {
  const { input } = operation.params;
  const threadId = operation.type === 'threads.create' ? store.generateThreadId(auth) : operation.params.thread_id;
  const attachments = await Promise.all(input.attachments.map((id) => store.loadAttachment(auth, id)));
  const userItem: UserMessageItem = {
    type: 'user_message',
    id: store.generateItemId(auth, 'message'),
    thread_id: threadId,
    created_at: new Date().toISOString(),
    content: input.content,
    attachments: attachments.map(({ attachment }) => ({ ...attachment, thread_id: threadId })),
    quoted_text: input.quoted_text,
    inference_options: input.inference_options,
  };
  return {
    runId: newId('run'),
    trigger: operation.type,
    threadId,
    userItem,
    assistantId: ASSISTANT_ID,
    request: { model: input.inference_options.model, toolChoice: input.inference_options.tool_choice?.id },
    context: { requestId: auth.requestId, locale: client.locale },
  };
}

/** The thread as admission has just stored it; undefined when it was there before. */
function createdThread({ trigger, threadId, userItem }: TurnRequest): ThreadMetadata | undefined {
  if (trigger !== 'threads.create') return undefined;
  return { id: threadId, created_at: userItem.created_at, status: { type: 'active' }, metadata: {} };
}
