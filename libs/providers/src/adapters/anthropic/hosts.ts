/** Is this Anthropic's own host? */
export function isAnthropic(baseUrl: string): boolean {
  return new URL(baseUrl).hostname === 'api.anthropic.com';
}

/** What the SDK puts `/v1/messages` behind: `https://api.anthropic.com`, from a base URL with or without `/v1`. */
export function withoutVersion(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
}
