import { type AssistantDefinition, presentationOf } from '#chatkit';
import type { DoubleTexting } from '#runtime';

/** How many of the newest items a prompt holds unless the assistant says otherwise [MI-12]. */
export const HISTORY_ITEMS = 20;

/** An assistant as this worker runs it: what its module defines, over what the configuration says. */
export interface Assistant {
  readonly id: string;
  readonly definition: AssistantDefinition;
  readonly historyItems: number;
  readonly doubleTexting: DoubleTexting;
  /** Whether any of its code may look at the thread. */
  readonly hasCode: boolean;
  /** Turns speech into text where its definition does not. */
  readonly transcriptionModel?: string;
}

/** `doubleTexting` is the default for a definition that has none. */
export function makeAssistant(
  id: string,
  definition: AssistantDefinition,
  doubleTexting: DoubleTexting = 'enqueue',
): Assistant {
  return {
    id,
    definition,
    historyItems: definition.historyItems ?? HISTORY_ITEMS,
    doubleTexting: definition.doubleTexting ?? doubleTexting,
    hasCode: hasCode(definition),
  };
}

/** Prompts and composer tools are for pages, and look at nothing. */
function hasCode({ prompts: _prompts, composerTools: _tools, ...definition }: AssistantDefinition): boolean {
  return Object.values(definition).some((value) => typeof value === 'function' || typeof value === 'object');
}

/** What the API must know about an assistant, as the published catalogue has it. */
export function publishedAssistant({ id, definition, doubleTexting, transcriptionModel }: Assistant) {
  const { action, syncAction, onFeedback, transcribe, allowCancel = true } = definition;
  const features = {
    action,
    sync_action: syncAction,
    feedback: onFeedback,
    transcribe: transcribe ?? transcriptionModel,
  };
  return {
    id,
    allowCancel,
    doubleTexting,
    presentation: presentationOf(definition),
    features: Object.entries(features).flatMap(([name, callback]) => (callback ? [name] : [])),
  };
}
