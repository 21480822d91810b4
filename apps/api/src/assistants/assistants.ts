import { Injectable } from '@nestjs/common';
import { AppError, type DoubleTexting } from '#runtime';
import { ApiConfig } from '../config.js';
import { CachedCatalogue } from '../models/cached-catalogue.js';

/** What an assistant's code can do besides answering, as the workers publish it. */
export type Feature = 'sync_action' | 'transcribe' | 'feedback' | 'action';

/** The assistant that a request is for. */
export interface ChosenAssistant {
  readonly id: string;
  /** Whether the stop button is offered. */
  readonly allowCancel: boolean;
  /** What happens to a message that is sent while its thread is being answered. */
  readonly doubleTexting: DoubleTexting;
  readonly features: readonly string[];
  /** A live worker has published it, or at least a catalogue in which it is the default. */
  readonly isAvailable: boolean;
}

const DEFAULT_ID = 'default';

@Injectable()
export class Assistants {
  constructor(
    private readonly catalogue: CachedCatalogue,
    private readonly config: ApiConfig,
  ) {}

  /**
   * The assistant of that name, or the default one. While no worker has published anything every name is accepted:
   * the worker that claims the run checks it again. Throws `AppError` `assistant.not_found`.
   */
  async choose(name: string | undefined): Promise<ChosenAssistant> {
    const catalogue = await this.catalogue.load();
    const id = name ?? catalogue?.defaultAssistant ?? DEFAULT_ID;
    const published = catalogue?.assistants.find((assistant) => assistant.id === id);
    if (published) return { ...published, isAvailable: true };
    if ((catalogue && id !== catalogue.defaultAssistant) || !isStorable(id)) {
      throw new AppError('assistant.not_found', `There is no assistant "${id}".`);
    }
    const { doubleTexting } = this.config;
    return { id, allowCancel: true, doubleTexting, features: [], isAvailable: catalogue !== undefined };
  }
}

/** Throws `AppError` `service.unavailable` while no worker is available, and `feature.not_configured`. */
export function assertFeature({ id, features, isAvailable }: ChosenAssistant, feature: Feature): void {
  if (!isAvailable) throw new AppError('service.unavailable', 'No worker is available right now.');
  if (!features.includes(feature)) {
    throw new AppError('feature.not_configured', `The assistant "${id}" does not offer ${feature}.`);
  }
}

/** The name comes from the URL; Postgres stores no NUL. */
const isStorable = (id: string): boolean => !id.includes('\0');
