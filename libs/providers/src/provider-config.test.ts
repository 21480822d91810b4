import { expect, it } from 'vitest';
import { ProviderConfig } from './provider-config.js';
import { EVERY_KIND } from './testing/every-kind.js';

// The entries of a config file are parsed when it is read, and again when their providers are made.
it.each(EVERY_KIND.map((entry) => [entry.kind, entry] as const))(
  'an entry of kind %s that was parsed is an entry, and the same',
  (_, entry) => {
    const parsed = ProviderConfig.parse(entry);
    expect(ProviderConfig.parse(parsed)).toEqual(parsed);
  },
);
