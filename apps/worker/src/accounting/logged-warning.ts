import { type ModelCall, type Warning, withoutContent } from '#providers';

/** A warning as it is logged: without words of the conversation, and without those for the person, which name their files. */
export function loggedWarning(warning: Warning, prompt: ModelCall['prompt']): Record<string, unknown> {
  const { notice: _, ...facts } = { notice: undefined, ...warning };
  return { ...facts, detail: withoutContent(warning.detail, prompt) };
}
