/**
 * What a module that defines a provider imports: `import { defineProvider, PartWriter, z } from 'chatkit-relay/providers'`.
 * The guide is docs/providers/writing-a-provider.md.
 */
export { type CallHooks, defineHooks, HookRefusal } from './hooks/define-hooks.js';
export { defineProvider } from './adapters/module/define-provider.js';
export type { ModelContext, PlainText, ProviderContext, ProviderDefinition } from './adapters/module/definition.js';
export type { ModuleEntry, ProviderModule } from './adapters/provider-module.js';
export { type NewBlock, PartWriter } from './parts/part-writer.js';
export { CallSettings } from './spec/call-settings.js';
export { CAPABILITIES, type Capability } from './spec/capability.js';
export { generate, type GenerateResult } from './spec/generate.js';
export type * from './spec/language-model.js';
export type * from './spec/model-attempt.js';
export type * from './spec/model-ref.js';
export type * from './spec/prompt.js';
export { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from './spec/provider-error.js';
export type * from './spec/provider.js';
export type * from './spec/stream-part.js';
export type * from './spec/usage.js';
export { z } from 'zod';
