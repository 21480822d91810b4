/** The part of a browser's window and document that is used. */
export interface PageGlobals {
  readonly document?: { readonly visibilityState: string };
  readonly addEventListener?: (type: 'pagehide' | 'pageshow', listen: () => void) => void;
}

/**
 * Whether the page is being left, which must not stop an answer: it is being closed or reloaded, or is in the background,
 * where a phone may end it without notice. Always false outside browsers.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- Node's global object has none of these properties
export function watchPage(page: PageGlobals = globalThis as PageGlobals): () => boolean {
  if (!page.document || !page.addEventListener) return () => false;
  let hidden = false;
  page.addEventListener('pagehide', () => (hidden = true));
  // Restored from the browser's back/forward cache.
  page.addEventListener('pageshow', () => (hidden = false));
  return () => hidden || page.document?.visibilityState === 'hidden';
}
