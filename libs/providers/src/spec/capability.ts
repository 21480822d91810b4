/** What callers may test a model or provider for. Declared by the adapter, never guessed from a model's name. */
export const CAPABILITIES = [
  'chat',
  'generate',
  'stream',
  'reasoning',
  'vision',
  'tools',
  'documents',
  'json',
] as const;

/** One promise of a model; see {@link CAPABILITIES}. */
export type Capability = (typeof CAPABILITIES)[number];
