import type { Scenario } from './scenario.mjs';

/** Where the scenarios are. */
export const scenariosFolder: string;

/** All scenarios of a folder, in the order of their ids. */
export function loadScenarios(folder?: string): Scenario[];
