import type { StarterPrompt, TurnContext, TurnInput } from '#chatkit';
import type { Events } from './say.js';

/** One thing that the tour shows. */
export interface Chapter {
  /** Written as `/id` in a message, it is shown as well. */
  readonly id: string;
  readonly label: string;
  /** What a starter prompt sends. */
  readonly prompt: string;
  readonly icon: NonNullable<StarterPrompt['icon']>;
  readonly show: (ctx: TurnContext, input: TurnInput) => Events;
}
