/** A form as bytes, with the boundary in its type: Node's own encoder writes it. */
export async function multipart(form: FormData): Promise<{ readonly type: string; readonly content: Uint8Array }> {
  const encoded = new Response(form);
  return { type: encoded.headers.get('content-type') ?? '', content: new Uint8Array(await encoded.arrayBuffer()) };
}
