/** The stub apps take every configuration. */
export const loadConfig = (): object => ({ warnings: [] });
