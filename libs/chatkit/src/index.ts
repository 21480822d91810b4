export * from './assistant/index.js';
export { applyEvent } from './fold/apply-event.js';
export { parseFrames } from './fold/parse-frames.js';
export { snapshotFrames } from './fold/snapshot.js';
export { emptyThread, type OpenItem, type ThreadState } from './fold/thread-state.js';
export { firstIdAt, type IdKind, newId, timeOfId } from './ids.js';
export { Action, ActionConfig } from './protocol/action.js';
export { AssistantContentPart, AssistantMessageItem, AssistantMessageUpdate } from './protocol/assistant-message.js';
export { Attachment } from './protocol/attachment.js';
export { boundedList, boundedText } from './protocol/bounded.js';
export { ClientToolCallItem } from './protocol/client-tool-call.js';
export { customError, type ErrorCode, ErrorEvent, streamError } from './protocol/error-code.js';
export { EditRequest } from './protocol/edit-request.js';
export { type EventOf, type EventType, ThreadStreamEvent } from './protocol/event.js';
export { GeneratedImage, GeneratedImageItem, GeneratedImageUpdate } from './protocol/generated-image.js';
export { HiddenContextItem, SdkHiddenContextItem } from './protocol/hidden-item.js';
export {
  fromPayload,
  ItemParseError,
  type ItemPayload,
  type StoredItem,
  toPayload,
  type UndatedItem,
} from './protocol/item-payload.js';
export { ItemUpdate } from './protocol/item-update.js';
export { type ItemOf, type ItemType, ThreadItem } from './protocol/item.js';
export { JsonObject } from './protocol/json.js';
export { DEFAULT_PAGE_LIMIT, emptyPage, type Page, pageSchema } from './protocol/page.js';
export { parseEdit, type ParsedRequest, parseRequest, type RefusalReason } from './protocol/parse-request.js';
export { type RequestIssue, toIssues } from './protocol/request-issues.js';
export { exceeded, MAX_ISSUES, REQUEST_LIMITS, type RequestLimitName } from './protocol/request-limits.js';
export {
  ChatKitRequest,
  isStreamingRequest,
  type JsonRequest,
  type RequestOf,
  type RequestType,
  type StreamingRequest,
} from './protocol/request.js';
export { Annotation, EntitySource, FileSource, Source, UrlSource } from './protocol/source.js';
export {
  StructuredAnswer,
  StructuredInputItem,
  StructuredQuestion,
  type StructuredQuestionInput,
  StructuredSubmission,
} from './protocol/structured-input.js';
export { Task, type TaskInput } from './protocol/task.js';
export { Thread, ThreadMetadata, ThreadStatus } from './protocol/thread.js';
export { InferenceOptions, UserContentPart, UserInput } from './protocol/user-input.js';
export { UserMessageItem } from './protocol/user-message.js';
export { WidgetItem, WidgetNode, WidgetUpdate } from './protocol/widget.js';
export {
  TaskItem,
  Workflow,
  type WorkflowInput,
  WorkflowItem,
  WorkflowSummary,
  WorkflowUpdate,
} from './protocol/workflow.js';
export { answerQuestions } from './structured/answer-questions.js';
export { WidgetComponent, type WidgetComponentOf, WidgetRoot } from './widgets/components.js';
export { diffWidgets } from './widgets/diff-widgets.js';
export { IconName } from './widgets/icon-name.js';
export { loadWidgetTemplate, WidgetTemplate, WidgetTemplateError } from './widgets/widget-template.js';
export { encodeEvent, HEARTBEAT, textDeltaEncoder } from './wire/encode-sse.js';
export { SurrogateJoiner } from './wire/surrogate-joiner.js';
export { isHidden, visibleEvent, visibleItems } from './wire/visibility.js';
export { toWireThread } from './wire/wire-thread.js';
