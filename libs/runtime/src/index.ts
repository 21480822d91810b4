export { AttachmentFiles } from './attachments/attachment-files.js';
export { attachmentQuota } from './attachments/attachment-config.js';
export { createAttachmentFiles, type FileStoreSettings } from './attachments/create-attachment-files.js';
export { DeletedFiles } from './attachments/deleted-files.js';
export type { AttachmentQuota } from './attachments/quota.js';
export { s3Problems, s3Settings, s3Variables } from './attachments/s3/s3-settings.js';
export type { AuthContext } from './auth/auth-context.js';
export { type AuthFile, HeaderName } from './auth/auth-file.js';
export { type AuthMode, AuthModes, distinguishesUsers } from './auth/auth-modes.js';
export { nameProblem } from './auth/identity-text.js';
export type { ResponseCache } from './cache/response-cache.js';
export { CallStore } from './calls/call-store.js';
export type { AssistantCall, CallPayload, CallReply } from './calls/call.js';
export { authSettingProblems } from './config/auth-settings.js';
export { type AssistantConfig, readConfigFile, type RelayConfig, type TitleConfig } from './config/config-file.js';
export {
  API_KEY_MARK,
  API_KEY_SCOPES,
  type ApiKey,
  type ApiKeyScope,
  hashApiKey,
  isApiKeyFormat,
  isApiKeyScope,
} from './credentials/api-key.js';
export { ApiKeyStore } from './credentials/api-keys.js';
export { SigningKeys, type SigningPurpose } from './credentials/signing-keys.js';
export { ProviderKeys, type StoredProviderKey } from './credentials/provider-keys.js';
export { AppError, type AppErrorCode } from './errors/app-error.js';
export { errorEvent, operatorHint, type RunErrorCode } from './errors/run-error.js';
export { EventEngine } from './events/event-engine.js';
export type { Unlisten } from './events/run-bus.js';
export { ChatCompletionRequest, unlistedFields } from './gateway/chat-completion-request.js';
export {
  ANSWER_LOST,
  CANCELLED,
  decodeGatewayError,
  encodeGatewayError,
  type GatewayError,
  gatewayErrorOf,
  toErrorBody,
} from './gateway/gateway-error.js';
export { CallQueue } from './jobs/call-queue.js';
export { RunQueue } from './jobs/run-queue.js';
export {
  type Catalogue,
  CATALOGUE_PUBLISH_MS,
  CatalogueStore,
  type PublishedBreaker,
  type PublishedRefusal,
  type PublishedCatalogue,
  type PublishedModel,
  type PublishedSettings,
  type PublishedHealth,
} from './models/catalogue-store.js';
export { NestLogger } from './nest/nest-logger.js';
export { PlatformModule } from './nest/platform.module.js';
export { answerWithin } from './platform/answer-within.js';
export { boot } from './platform/boot.js';
export { DatabaseClock } from './platform/database-clock.js';
export { Database } from './platform/database.js';
export {
  CONFIG_EXIT_CODE,
  ConfigError,
  commonVariables,
  type Environment,
  parseEnvironment,
  graceSeconds,
  wholeNumber,
} from './platform/environment.js';
export { isUnavailable } from './platform/is-unavailable.js';
export { isUnstorable } from './platform/is-unstorable.js';
export { createLogger, Logger } from './platform/logger.js';
export { closeConnections, onStop, reportReady } from './platform/supervised.js';
export { PolicyState } from './policy-state/policy-state.js';
export { type PublicQuota, publicQuota } from './quotas/quota-refusal.js';
export { QuotasConfig, quotasOf, type RequestRates as RequestRateLimits, requestRatesOf } from './quotas/quotas.js';
export type { DoubleTexting } from './runs/double-texting.js';
export { RequestLimits, requestLimits } from './config/request-limits.js';
export { RunLimits, runLimits } from './runs/limits.js';
export { RunDispatcher } from './runs/run-dispatcher.js';
export type { Run, RunContext, RunState } from './runs/run.js';
export { PrismaThreadStore } from './threads/prisma-thread-store.js';
export type { PageRequest, StoredAttachment, ThreadStore } from './threads/thread-store.js';
export type { ModelUsage, UsageOwner } from './usage/model-usage.js';
export { type DayUsage, UsageStore } from './usage/usage-store.js';
export { decodeGatewayWarnings, encodeGatewayWarnings } from './gateway/gateway-warnings.js';
