export type { CompletionRequest } from './admission/admit-completion.js';
export type { IdempotentReplay } from './admission/idempotency.js';
export { clientAddresses } from './addresses/client-address.js';
export { type AllowedHost, isAllowedHost } from './addresses/allowed-hosts.js';
export { isLoopback, parseHost } from './addresses/host.js';
export { isAnyAddress, isLoopbackAddress, isLoopbackHost, LOOPBACK } from './addresses/loopback.js';
export { amongNetworks, isTooWide } from './addresses/networks.js';
export { isOriginOfHost, parseOrigin } from './addresses/origin.js';
export { publishedAddress } from './addresses/published.js';
export { list } from './environment/schemas.js';
export { EVERY_ORIGIN } from './environment/reach-variables.js';
export { RunAdmission } from './admission/run-admission.js';
export type { Admitted, EditTurn, Idempotency, MessageTurn, TurnRequest } from './admission/turn-request.js';
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
export { listAllRuns, type RunFilter, type RunPage } from './administration/list-runs.js';
export { listWorkers, type Worker } from './administration/list-workers.js';
export type { BusyOwner } from './administration/busiest-owners.js';
export { limitsInUse, type LimitsInUse } from './administration/limits-in-use.js';
export type { NearQuota } from './quotas/near-quotas.js';
export { overview, type Overview } from './administration/overview.js';
export { loadRetryTarget, type RetryTarget } from './administration/retry-target.js';
export { loadRunContent, type RunContent } from './administration/run-content.js';
export { loadRunDetails, type RunDetails } from './administration/run-details.js';
export type { RunFacts } from './administration/run-facts.js';
export { setThreadStatus } from './administration/thread-status.js';
export { type Trend, usageReport, type UsageReport } from './administration/usage-report.js';
export { actorName } from './audit/actor-name.js';
export { type AuditEntry, listAudit, recordAudit, type StoredAuditEntry } from './audit/audit-log.js';
export { InstanceId } from './platform/process-ids.js';
export { JOIN_WITHIN_MS, SILENCE_MS } from './platform/tunables.js';
export { type FoundThread, searchThreads } from './threads/search-threads.js';
export { MAX_SEARCH_LENGTH, MAX_SEARCH_WORDS, searchWords } from './threads/search-words.js';
export { finishFromStore } from './reading/finish-from-store.js';
export { finishCompletionFromStore, isCompletionOver } from './reading/finish-completion.js';
export { RunFollower } from './reading/run-follower.js';
export type { FollowDeps, FrameSink, Place } from './reading/follower.js';
export { isRunSettled, listRuns, loadRun } from './reading/load-run.js';
export { loadOpenItems } from './reading/open-items.js';
export { RunCopies } from './reading/run-copies.js';
export { IntervalSilenceWatch } from './reading/silence-watch.js';
export { listThreadIds, type ThreadIds } from './threads/list-thread-ids.js';
