export { AttachmentFiles, type StoredFile } from './attachments/attachment-files.js';
export { attachmentQuota } from './attachments/attachment-config.js';
export { createAttachmentFiles, type FileStoreSettings } from './attachments/create-attachment-files.js';
export { DeletedFiles } from './attachments/deleted-files.js';
export type { AttachmentQuota } from './attachments/quota.js';
export { s3Problems, s3Settings } from './attachments/s3/s3-settings.js';
export type { AuthContext } from './auth/auth-context.js';
export { type AuthFile, HeaderName } from './auth/auth-file.js';
export { type AuthMode, AuthModes, distinguishesUsers } from './auth/auth-modes.js';
export { nameProblem } from './auth/identity-text.js';
export type { ResponseCache } from './cache/response-cache.js';
export { CallStore } from './calls/call-store.js';
export type { AssistantCall, CallPayload, CallReply } from './calls/call.js';
export { authSettingProblems } from './config/auth-settings.js';
export { didYouMean } from './config/nearest-name.js';
export { unknownVariables } from './config/unknown-variables.js';
export { plainWords } from './config/plain-words.js';
export {
  type AssistantConfig,
  ConfigFile,
  loadConfigFile,
  readConfigFile,
  type RelayConfig,
  type TitleConfig,
} from './config/config-file.js';
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
export { UserReferences } from './credentials/user-references.js';
export { ProviderKeys, type StoredProviderKey } from './credentials/provider-keys.js';
export { CONFIG_EXIT_CODE, ConfigError, type Environment, parseEnvironment } from './environment/parse-environment.js';
export { environmentSchema, VARIABLE_GROUPS, variableNames, VARIABLES } from './environment/registry.js';
export { schemaOf } from './environment/schema-of.js';
export { resolveSecrets } from './environment/secrets.js';
export type { Reader, Variable } from './environment/variable.js';
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
export type { JobPayload } from './jobs/catalogue.js';
export { EndedJobs } from './jobs/ended-jobs.js';
export { RunQueue } from './jobs/run-queue.js';
export {
  type Catalogue,
  CATALOGUE_PUBLISH_MS,
  SEEN_MS,
  CatalogueStore,
  type PublishedBreaker,
  type PublishedLimit,
  type PublishedRefusal,
  type PublishedCatalogue,
  type PublishedModel,
  type PublishedSettings,
  type PublishedHealth,
} from './models/catalogue-store.js';
export {
  ANSWER_SECONDS,
  FIRST_PIECE_SECONDS,
  REQUEST_SECONDS,
  TOKEN_RATES,
  WAIT_SECONDS,
} from './monitoring/buckets.js';
export { watchBacklog } from './monitoring/backlog-metrics.js';
export { Metrics } from './monitoring/metrics.js';
export { jsonAnswer, type MonitoringServer, serveMonitoring } from './monitoring/monitoring-server.js';
export { SchemaCheck } from './monitoring/schema-check.js';
export { StoreChecks } from './monitoring/store-checks.js';
export { watchStores } from './monitoring/store-metrics.js';
export { NestLogger } from './nest/nest-logger.js';
export { PlatformModule } from './nest/platform.module.js';
export { answerWithin } from './platform/answer-within.js';
export { boot } from './platform/boot.js';
export { DatabaseClock } from './platform/database-clock.js';
export { directUrlOf } from './platform/database-address.js';
export { Database, type RowOwner } from './platform/database.js';
export { refusedParameters } from './platform/startup-parameters.js';
export { isTransactionPooler } from './platform/is-transaction-pooler.js';
export { isUnavailable } from './platform/is-unavailable.js';
export { isUnstorable } from './platform/is-unstorable.js';
export { keptFor } from './platform/kept-for.js';
export { createLogger, Logger, logSettings, type LogSettings } from './platform/logger.js';
export { packageRoot } from './platform/package-root.js';
export { proxyOf } from './platform/proxy.js';
export { storedInstallationId } from './redis/installation-id.js';
export { namesOf } from './redis/names-of.js';
export { openCluster, openServer, type RedisClient } from './redis/open-redis.js';
export { primariesOf } from './redis/primaries.js';
export { prefixOf, RedisNames } from './redis/redis-names.js';
export { portProblems } from './environment/port-problems.js';
export { describeRedis, redisProblems, redisSettings, type RedisSettings } from './environment/redis-settings.js';
export { type CheckResult, runCheck, stateOf } from './platform/run-check.js';
export { contextAt, placeOf, traceHeaders, type TracePlace, tracer } from './platform/trace-context.js';
export { asksForTraces, isTracing, startTracing, stopTracing } from './platform/tracing.js';
export { errorSparingly, type OnError, warnSparingly } from './platform/sparingly.js';
export {
  closeConnections,
  isSupervised,
  onStop,
  reportReady,
  reportStopping,
  stopWait,
} from './platform/supervised.js';
export { connectionsOf, POOL_CONNECTIONS } from './platform/connections.js';
export { type NamedBreaker, PolicyState } from './policy-state/policy-state.js';
export { PublicQuota, publicQuota } from './quotas/quota-refusal.js';
export { QuotasConfig, quotasOf, type RequestRates as RequestRateLimits, requestRatesOf } from './quotas/quotas.js';
export type { DoubleTexting } from './runs/double-texting.js';
export { RequestLimits, requestLimits } from './config/request-limits.js';
export { RunLimits, runLimits } from './runs/limits.js';
export { RunDispatcher } from './runs/run-dispatcher.js';
export type { Run, RunContext, RunState, Trigger } from './runs/run.js';
export { settledCode, type SettledRun, SettledRuns } from './monitoring/settled-runs.js';
export { PrismaThreadStore } from './threads/prisma-thread-store.js';
export { STORED_CHARS, StoredTooLargeError } from './threads/stored-size.js';
export type { PageRequest, StoredAttachment, ThreadStore } from './threads/thread-store.js';
export type { ModelUsage, UsageOwner } from './usage/model-usage.js';
export { type DayUsage, UsageStore } from './usage/usage-store.js';
export { decodeGatewayWarnings, encodeGatewayWarnings } from './gateway/gateway-warnings.js';
