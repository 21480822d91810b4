/** Your own sign-in says who asks; replace this by it, and by null for nobody. */
const signedInUser = async (): Promise<string | null> => process.env.CHAT_USER ?? null;

/** A short-lived token for one person. The API key stays on this server. */
export async function POST(): Promise<Response> {
  const user = await signedInUser();
  if (user === null) return Response.json({ error: 'Sign in first.' }, { status: 401 });
  return fetch(new URL('/sessions', process.env.CHAT_SERVER ?? 'http://localhost:8000'), {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.CHAT_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user, expires_in: 600 }),
  });
}
