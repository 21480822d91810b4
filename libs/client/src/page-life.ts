/** As much of a browser's window and document as is looked at. */
export interface PageGlobals {
  readonly document?: { readonly visibilityState: string };
  readonly addEventListener?: (type: 'pagehide' | 'pageshow', listen: () => void) => void;
}

/**
 * Tells whether the page is going away, which is no reason to stop an answer: it is being left or reloaded, or lies in
 * the background, where a phone ends it without a word. Never, where there is no page.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- Node's global object has none of these properties
export function watchPage(page: PageGlobals = globalThis as PageGlobals): () => boolean {
  if (!page.document || !page.addEventListener) return () => false;
  let hidden = false;
  page.addEventListener('pagehide', () => (hidden = true));
  // Back from the browser's cache of pages.
  page.addEventListener('pageshow', () => (hidden = false));
  return () => hidden || page.document?.visibilityState === 'hidden';
}
