import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const notify = (): void => listeners.forEach((listener) => listener());

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

/** The page's address is what it shows: a view below `/admin`, perhaps an id, and the filter in the query. */
export interface Route {
  readonly view: string;
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const { pathname, searchParams } = new URL(address, location.origin);
  const [, , view = '', id] = pathname.split('/');
  return { view: view || 'runs', id: id === undefined ? undefined : decodeURIComponent(id), query: searchParams };
}

/** Goes to an address of this page. */
export function go(address: string): void {
  history.pushState(null, '', address);
  notify();
}

export const runAddress = (id: string): string => `/admin/runs/${encodeURIComponent(id)}`;
