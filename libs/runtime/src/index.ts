export { AttachmentFiles } from './attachments/attachment-files.js';
export { Attachments, AttachmentSettings, type UrlOf } from './attachments/attachments.js';
export { LocalAttachmentFiles } from './attachments/local-attachment-files.js';
export { sweepUploads } from './attachments/sweep-uploads.js';
export { UploadRecords } from './attachments/upload-records.js';
export type { AuthContext } from './auth/auth-context.js';
export { answerCall } from './calls/answer-call.js';
export { AssistantCalls, AssistantCallTimes } from './calls/assistant-calls.js';
export type { AssistantCall, CallPayload, CallReply } from './calls/call.js';
export { CallStore } from './calls/call-store.js';
export { type AssistantConfig, readConfigFile, type RelayConfig, type TitleConfig } from './config/config-file.js';
export { AppError, type AppErrorCode } from './errors/app-error.js';
export { EventEngine } from './events/event-engine.js';
export type { Cursor } from './events/entry.js';
export { RunFollower } from './reading/follow-run.js';
export type { FollowDeps, FrameSink, Place } from './reading/follower.js';
export { type Unlisten, workerChannel } from './events/run-bus.js';
export { RunCopies } from './reading/run-copies.js';
export { RunPublisher } from './execution/run-publisher.js';
export {
  CONFIG_EXIT_CODE,
  ConfigError,
  commonVariables,
  type Environment,
  parseEnvironment,
  graceSeconds,
  wholeNumber,
} from './platform/environment.js';
export { InstanceId, newWorkerId } from './platform/process-ids.js';
export { boot } from './platform/boot.js';
export { closeConnections, onStop, reportReady } from './platform/supervised.js';
export { LogCeilingError, type RunWriter } from './execution/run-writer.js';
export { FeedbackStore } from './feedback/feedback-store.js';
export type { ResponseCache } from './cache/response-cache.js';
export { ChatCompletionRequest } from './gateway/chat-completion-request.js';
export { finishGatewayFromStore, isGatewayOver } from './reading/finish-gateway.js';
export {
  ANSWER_LOST,
  CANCELLED,
  decodeGatewayError,
  encodeGatewayError,
  type GatewayError,
  gatewayErrorOf,
  toErrorBody,
} from './gateway/gateway-error.js';
export { IntervalSilenceWatch } from './reading/silence-watch.js';
export { answerWithin } from './platform/answer-within.js';
export { QUEUE_RETRY_MS } from './jobs/job-options.js';
export { parseJob } from './jobs/catalogue.js';
export { CallQueue } from './jobs/call-queue.js';
export { RunQueue } from './jobs/run-queue.js';
export {
  type Catalogue,
  CATALOGUE_PUBLISH_MS,
  CatalogueStore,
  type PublishedBreaker,
  type PublishedCatalogue,
  type PublishedHealth,
} from './models/catalogue-store.js';
export { PolicyState } from './policy-state/policy-state.js';
export { isUnavailable } from './platform/is-unavailable.js';
export { NestLogger } from './nest/nest-logger.js';
export { PlatformModule } from './nest/platform.module.js';
export { Database } from './platform/database.js';
export { createLogger, Logger } from './platform/logger.js';
export { finishFromStore } from './reading/finish-from-store.js';
export type { GatewayCall } from './admission/admit-gateway.js';
export { loadOpenItems } from './reading/open-items.js';
export { isRunSettled, listRuns, loadRun } from './reading/load-run.js';
export type { Claim, Outcome, Run, RunContext, RunState, RunUsage } from './runs/run.js';
export { errorEvent, operatorHint, type RunErrorCode } from './errors/run-error.js';
export type { DoubleTexting } from './runs/double-texting.js';
export type { IdempotentReplay } from './admission/idempotency.js';
export { RunLimits, runLimits } from './runs/limits.js';
export { RunAdmission } from './admission/run-admission.js';
export { RunExecution } from './execution/run-execution.js';
export { RunDispatcher } from './runs/run-dispatcher.js';
export { stopMarker } from './runs/settle.js';
export { BEAT_MS, JOIN_WITHIN_MS, SWEEP_MS, LEASE_MS, SILENCE_MS } from './platform/tunables.js';
export type { Admitted, Idempotency, MessageTurn, TurnRequest } from './admission/turn-request.js';
export { decodeControl } from './runs/worker-control.js';
export { listThreadIds, type ThreadIds } from './threads/list-thread-ids.js';
export { loadHistory } from './execution/history.js';
export { PrismaThreadStore } from './threads/prisma-thread-store.js';
export type { PageRequest, ThreadStore } from './threads/thread-store.js';
export type { ModelUsage, UsageOwner } from './usage/model-usage.js';
export { type DayUsage, UsageStore } from './usage/usage-store.js';
