export type Entry = string | string[];

export const LAYERS: Record<string, Entry[]>;
export const LOADERS: string[];
export const RESTRICTED: { modules: string[]; only: string[]; message: string }[];

/** What our commands use of the other apps, by the app of the command. */
export const OPEN_TO: Record<string, string[]>;
