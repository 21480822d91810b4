/** The format to speak: few servers beside OpenAI's own know more than chat completions. */
export function defaultWire(baseUrl: string): 'chat' | 'responses' {
  return isOpenAI(baseUrl) ? 'responses' : 'chat';
}

/** Is this one of OpenAI's own hosts, regional ones (`eu.api.openai.com`) included? */
export function isOpenAI(baseUrl: string): boolean {
  return /(^|\.)api\.openai\.com$/.test(new URL(baseUrl).hostname);
}
