/** A file of ../scenarios; the steps are the player's own business. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Rules of docs/protocol that it touches. */
  readonly rules: readonly string[];
  /** What a server must have for it: `core`, `fixtures`, `image` … */
  readonly requires: readonly string[];
  /** `conforms`, or `deviates: why`, `may deviate: why`: how the official SDK does. */
  readonly reference: string;
  readonly steps: readonly unknown[];
}

export interface PlayedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface PlayedAnswer {
  /** 0: there was no answer, see `failure`. */
  readonly status: number;
  readonly contentType: string;
  readonly events: readonly PlayedEvent[];
  readonly json?: unknown;
  /** The scenario hung up. */
  readonly disconnected: boolean;
  readonly failure?: string;
}

export interface PlayedCall {
  readonly scenario: string;
  /** Such as `2.state.1`; comes again when a state is asked for again. */
  readonly step: string;
  /** The ChatKit request; a string when the body was raw, or was an upload. */
  readonly request: { readonly type: string } | string;
  readonly answer: PlayedAnswer;
}

export interface ScenarioNames {
  readonly run: string;
  readonly user_a: string;
  readonly user_b: string;
}

export interface PlayerOptions {
  readonly endpoint: string;
  /** Control URL of the fake provider. */
  readonly provider: string;
  readonly userHeader?: string;
  readonly lenient?: boolean;
  /** Names that a scenario may use; random by default. */
  readonly namesOf?: (scenario: Scenario) => ScenarioNames;
  readonly onAnswer?: (call: PlayedCall) => void;
}

/** @returns a function that rejects when an answer is not what the scenario says. One at a time for each provider. */
export function createPlayer(options: PlayerOptions): (scenario: Scenario) => Promise<void>;
