import type { Assistants } from './assistants.js';

/** The assistants that the configuration has loaded, and what it adds to them; to be injected. */
export abstract class AssistantSettings {
  abstract readonly loaded: Assistants;
  /** The model that turns speech into text for assistants that do not do so themselves. */
  abstract readonly transcriptionModel: string | undefined;
}
