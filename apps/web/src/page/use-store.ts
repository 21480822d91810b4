import { useSyncExternalStore } from 'react';
import type { Store } from '../chat/store.js';

/** One part of a store's state; other changes cause no rendering. */
export function useSelected<T extends object, Part>(store: Store<T>, select: (state: T) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => select(store.shown()));
}

/** The store's state, rendered again with each change. */
export function useStore<T extends object>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.shown);
}
