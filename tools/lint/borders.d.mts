export type Entry = string | string[];

export const LAYERS: Record<string, Entry[]>;
export const LOADERS: string[];
export const RESTRICTED: { modules: string[]; only: string[]; message: string }[];
