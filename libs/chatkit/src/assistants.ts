/**
 * What a module that defines an assistant imports: `import { defineAssistant, tool, z } from 'chatkit-relay/assistants'`.
 * The guide is docs/assistants.md.
 */
export * from './assistant/index.js';
export type { Action } from './protocol/action.js';
export type { ErrorEvent } from './protocol/error-code.js';
export type { ThreadStreamEvent } from './protocol/event.js';
export type { ItemOf, ThreadItem } from './protocol/item.js';
export type { ThreadMetadata } from './protocol/thread.js';
export type { IconName } from './widgets/icon-name.js';
export type { WidgetComponent, WidgetComponentOf, WidgetRoot } from './widgets/components.js';
export { loadWidgetTemplate, WidgetTemplate, WidgetTemplateError } from './widgets/widget-template.js';
export { z } from 'zod';
