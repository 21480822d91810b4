export type { CompletionRequest } from './admission/admit-completion.js';
export type { IdempotentReplay } from './admission/idempotency.js';
export { RunAdmission } from './admission/run-admission.js';
export type { Admitted, Idempotency, MessageTurn, TurnRequest } from './admission/turn-request.js';
export { Attachments, AttachmentSettings } from './attachments/attachments.js';
export type { FileView } from './attachments/attachment-files.js';
export {
  type FileLinks,
  LinkSigner,
  type LinkQuery,
  type LinkUse,
  PLACE_ONLY,
  withFileLinks,
  withLinks,
} from './attachments/file-links.js';
export { UploadRecords } from './attachments/upload-records.js';
export { AssistantCalls, AssistantCallTimes } from './calls/assistant-calls.js';
export type { Cursor } from './events/entry.js';
export { FeedbackStore } from './feedback/feedback-store.js';
export { AdmissionModule } from './nest/admission.module.js';
export { Erasure, type ErasureReceipt } from './personal-data/erasure.js';
export { exportUser, type ExportLine } from './personal-data/export-user.js';
export { findRemains, type Remains } from './personal-data/find-remains.js';
export { type AuditEntry, listAudit, recordAudit, type StoredAuditEntry, userHash } from './audit/audit-log.js';
export { InstanceId } from './platform/process-ids.js';
export { JOIN_WITHIN_MS, SILENCE_MS } from './platform/tunables.js';
export { finishFromStore } from './reading/finish-from-store.js';
export { finishCompletionFromStore, isCompletionOver } from './reading/finish-completion.js';
export { RunFollower } from './reading/run-follower.js';
export type { FollowDeps, FrameSink, Place } from './reading/follower.js';
export { isRunSettled, listRuns, loadRun } from './reading/load-run.js';
export { loadOpenItems } from './reading/open-items.js';
export { RunCopies } from './reading/run-copies.js';
export { IntervalSilenceWatch } from './reading/silence-watch.js';
export { listThreadIds, type ThreadIds } from './threads/list-thread-ids.js';
