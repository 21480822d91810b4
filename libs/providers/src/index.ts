export { defineProvider } from './adapters/module/define-provider.js';
export { estimateInputTokens } from './accounting/estimate-tokens.js';
export { createProviders, type CreateProvidersOptions } from './create-providers.js';
export { ProviderConfig, type ProviderConfigInput } from './provider-config.js';
export { forgetStored, inlined, storedData, type StoredBytes } from './http/stored-bytes.js';
export type { ProxyOf } from './http/proxy-of.js';
export { type CallHooks, defineHooks, HookRefusal } from './hooks/define-hooks.js';
export { hookedModel } from './hooks/hooked-model.js';
export { isProviderModule } from './adapters/module/define-provider.js';
export type { ProviderModule } from './adapters/provider-module.js';
export { providersOf } from './config-file-providers.js';
export { responseOptionsOf } from './response-format.js';
export type { ResponseOptions } from './spec/response-options.js';
export type { ProviderHealth, ProviderModels } from './provider-directory.js';
export type { ModelNameMap } from './model-names.js';
export { modelSettingsOf } from './config-file-models.js';
export { referenceIssues } from './config-file-references.js';
export { configFileParts } from './config-file-parts.js';
export {
  createRegistry,
  type CatalogueEntry,
  type ModelCatalogue,
  type Registry,
  type RegistryOptions,
} from './registry.js';
export { CallSettings } from './spec/call-settings.js';
export { CAPABILITIES, type Capability } from './spec/capability.js';
export { AnswerFold, generate, type GenerateResult } from './spec/generate.js';
export type { InputCount } from './spec/input-count.js';
export type {
  AttemptObserver,
  FitCall,
  LanguageModel,
  ModelCall,
  ProviderFrame,
  ProviderOptions,
  Window,
} from './spec/language-model.js';
export type { ModelAttempt, ModelCaller } from './spec/model-attempt.js';
export type { ModelRef } from './spec/model-ref.js';
export type {
  AssistantMessage,
  FileData,
  FilePart,
  ImagePart,
  Message,
  ModelDocument,
  ReasoningPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolChoice,
  ToolDefinition,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from './spec/prompt.js';
export { withoutSecrets } from './http/without-secrets.js';
export { MemoryPolicyState } from './policies/memory-policy-state.js';
export type { Deadlines } from './spec/policy-config.js';
export { LimitWaits } from './policies/limit-waits.js';
export type { NamedLimit } from './policies/limiter.js';
export type { PolicyEvent } from './policies/policy-event.js';
export type { Booked, BreakerState, Permit, PolicyState, RateBooking } from './policies/policy-state.js';
export { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from './spec/provider-error.js';
export type { Health, KeyConfig, ModelInfo, Provider, Speech, Transcript } from './spec/provider.js';
export type {
  ExtraFields,
  FileSource,
  FinishReason,
  Source,
  StreamPart,
  UrlSource,
  Warning,
} from './spec/stream-part.js';
export type { Usage } from './spec/usage.js';
export { extraWithoutContent, withoutContent } from './spec/without-content.js';
export { type ModelSetting, type ModelSettings, takenSettings } from './taken-settings.js';
export { missingKeys } from './missing-keys.js';
export { PROVIDER_VARIABLES } from './environment.js';
export { unlessAborted } from './timing/unless-aborted.js';
