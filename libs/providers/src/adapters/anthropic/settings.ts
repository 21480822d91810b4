/** Is this Anthropic's own host? */
export function isAnthropic(baseUrl: string): boolean {
  return new URL(baseUrl).hostname === 'api.anthropic.com';
}

/** Where the API's paths are put behind: `https://api.anthropic.com/v1`. */
export function apiRoot(baseUrl: string): string {
  return `${baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
}
