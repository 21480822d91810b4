export type {
  AssistantContext,
  AssistantLog,
  GenerateRequest,
  GenerateResult,
  NewItem,
  ToolContext,
  TurnContext,
  WidgetStates,
  WidgetTree,
  WorkflowHelpers,
} from './context.js';
export {
  type AnswerOptions,
  type AssistantDefinition,
  defineAssistant,
  type Guardrail,
  type GuardrailResult,
  type PerTurn,
  type RetrievedDocument,
  type TurnInput,
} from './definition.js';
export {
  attachedText,
  attachmentNote,
  type ConversionContext,
  defaultConverter,
  type ItemConverter,
  toModelInput,
} from './item-converter.js';
export {
  type ModelInputData,
  type ModelInputPart,
  type ModelMessage,
  type ModelProviderOptions,
  type ModelSettings,
  type ModelToolCall,
  type ModelToolResult,
  userText,
} from './model-input.js';
export { AssistantPresentation, type ComposerTool, presentationOf, type StarterPrompt } from './presentation.js';
export { pageTools } from './page-tools.js';
export type { AssistantStore, AttachmentRecord, StorePage, ThreadFieldChanges } from './store.js';
export { CustomStreamError, StreamError } from './stream-error.js';
export { type ClientTool, clientTool, type ServerTool, type Tool, tool, ToolArgumentsError } from './tool.js';
