/** The base URL without a version: chat is in v2, the list of models in v1 only. */
export function unversioned(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v[12]$/, '');
}

/** Is this one of Cohere's own hosts? A private deployment may want no key. */
export function isCohere(baseUrl: string): boolean {
  return /(^|\.)cohere\.(com|ai)$/.test(new URL(baseUrl).hostname);
}
