import { AppError, type DoubleTexting } from '#runtime';
import type { CachedCatalogue } from '../models/cached-catalogue.js';

/** What an assistant's code may do beside answering, as the workers publish it. */
export type Feature = 'sync_action' | 'transcribe' | 'feedback' | 'action';

/** The assistant that a request is for. */
export interface ChosenAssistant {
  readonly id: string;
  /** Whether the stop button is offered. */
  readonly allowCancel: boolean;
  /** What becomes of a message that is sent while its thread is being answered. */
  readonly doubleTexting: DoubleTexting;
  readonly features: readonly string[];
  /** A living worker has published it, or at least a catalogue in which it is the default. */
  readonly isThere: boolean;
}

const DEFAULT_ID = 'default';

export class Assistants {
  constructor(
    private readonly catalogue: Pick<CachedCatalogue, 'load'>,
    private readonly doubleTexting: DoubleTexting,
  ) {}

  /**
   * The assistant of that name, or the default one. While no worker has published anything every name is let through:
   * the worker that takes the run checks it again. Throws `AppError` `assistant.not_found`.
   */
  async choose(name: string | undefined): Promise<ChosenAssistant> {
    const catalogue = await this.catalogue.load();
    const id = name ?? catalogue?.defaultAssistant ?? DEFAULT_ID;
    const published = catalogue?.assistants.find((assistant) => assistant.id === id);
    if (published) return { ...published, isThere: true };
    if ((catalogue && id !== catalogue.defaultAssistant) || !isStorable(id)) {
      throw new AppError('assistant.not_found', `There is no assistant "${id}".`);
    }
    return { id, allowCancel: true, doubleTexting: this.doubleTexting, features: [], isThere: catalogue !== undefined };
  }
}

/** Throws `AppError` `service.unavailable` while no worker is there, and `feature.not_configured`. */
export function assertFeature({ id, features, isThere }: ChosenAssistant, feature: Feature): void {
  if (!isThere) throw new AppError('service.unavailable', 'No worker is there to do this right now.');
  if (!features.includes(feature)) {
    throw new AppError('feature.not_configured', `The assistant "${id}" does not offer ${feature}.`);
  }
}

/** The name comes from an address; Postgres takes no NUL. */
const isStorable = (id: string): boolean => !id.includes('\0');
