import { AppError } from '#runtime';
import type { Assistant } from './assistant.js';

/** Written by an API that has not read any catalogue yet: stands for the assistant that answers by default. */
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
    throw new AppError('assistant.not_found', `This worker has no assistant "${id}".`);
  }

  /** The same assistants; those that do not turn speech into text themselves have it done by a model. */
  withTranscription(transcriptionModel: string): Assistants {
    const assistants = this.all().map((assistant) => ({ ...assistant, transcriptionModel }));
    return new Assistants(assistants, this.defaultId);
  }

  all(): readonly Assistant[] {
    return [...this.byId.values()];
  }
}
