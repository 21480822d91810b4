import type { TitleConfig } from '#runtime';

/** The part of the configuration that turns need, to be injected. */
export abstract class TurnSettings {
  abstract readonly titles: TitleConfig;
}
