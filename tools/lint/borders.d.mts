type Entry = string | string[] | { circle: string[] };

export const LAYERS: Record<string, Entry[]>;
