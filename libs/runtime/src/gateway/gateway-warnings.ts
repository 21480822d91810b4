/** A response header's value is short and plain: what is longer, or of another alphabet, is in the worker's log. */
const MAX_CHARACTERS = 1_000;

// Like a failure's status, they travel in an SSE comment in front of the first frame, which the API takes off.
const HEAD = ': warnings ';
const END = '\n\n';

/** What of a request an answer does without, as the beginning of the run's first frame. Empty where there is nothing. */
export function encodeGatewayWarnings(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const plain = [...new Set(warnings)].join('; ').replaceAll(/[^\x20-\x7e]+/g, '?');
  return `${HEAD}${plain.slice(0, MAX_CHARACTERS)}${END}`;
}

/** The value of the header `chatkit-warnings`, and the frames without it; no value where these frames have none. */
export function decodeGatewayWarnings(frames: Buffer): { readonly warnings?: string; readonly rest: Buffer } {
  if (frames.toString('latin1', 0, HEAD.length) !== HEAD) return { rest: frames };
  const end = frames.indexOf(END);
  return { warnings: frames.toString('latin1', HEAD.length, end), rest: frames.subarray(end + END.length) };
}
