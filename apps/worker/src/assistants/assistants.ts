import type { AssistantDefinition } from '#chatkit';
import { AppError } from '#runtime';
import type { Assistant } from './assistant.js';

/** What an API writes that has not heard of any assistant yet: whichever answers by default. */
const UNNAMED = 'default';

/** The assistants of this worker, by id. */
export class Assistants {
  private readonly byId: ReadonlyMap<string, Assistant>;

  constructor(
    assistants: readonly Assistant[],
    readonly defaultId: string,
  ) {
    this.byId = new Map(assistants.map((assistant) => [assistant.id, assistant]));
  }

  /** Throws `AppError` `assistant.not_found`: the run was admitted by a process with another configuration. */
  get(id: string): Assistant {
    const assistant = this.byId.get(id) ?? (id === UNNAMED ? this.byId.get(this.defaultId) : undefined);
    if (assistant) return assistant;
    throw new AppError('assistant.not_found', `This worker knows no assistant "${id}".`);
  }

  /** These, where those that do not turn speech into text themselves let `transcribe` do it. */
  withTranscription(transcribe: NonNullable<AssistantDefinition['transcribe']>): Assistants {
    const hearing = this.all().map((assistant) => ({
      ...assistant,
      definition: { transcribe, ...assistant.definition },
    }));
    return new Assistants(hearing, this.defaultId);
  }

  all(): readonly Assistant[] {
    return [...this.byId.values()];
  }
}
