/**
 * The payloads of an event stream's `data:` lines, whatever pieces the network cuts the body into. Comments (heartbeats)
 * and other fields are passed over; a last line that the end of the body has cut short is dropped.
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
    // Leaving the loop early means that nobody wants the rest: for the server, the stop button.
    await reader.cancel().catch(() => undefined);
  }
}
