/**
 * The payloads of an event stream's `data:` lines, whatever chunks the network delivers. Comments (heartbeats) and other
 * fields are ignored; a last line that the end of the body has cut short is dropped.
 */
export async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('data:')) yield line.slice('data:'.length).trim();
      }
    }
  } finally {
    // Leaving the loop early cancels the request, which is the stop button for the server.
    await reader.cancel().catch(() => undefined);
  }
}
