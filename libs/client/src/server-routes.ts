/** The server's routes beside its protocol endpoint. A proxy with a login in front of it asks for credentials on all of them. */
const BESIDE = ['config', 'files', 'models'];

/** The page's address, or a place that no request goes to. */
const baseUrl = (): string =>
  (globalThis as { document?: { readonly baseURI: string } }).document?.baseURI ?? 'http://relay.invalid';

/** The absolute URL of a route beside the protocol endpoint, such as `config`, also below a path. */
export const besideChat = (chatUrl: string, route: string): string =>
  new URL(route, new URL(chatUrl.replace(/[?#].*$/s, '').replace(/\/+$/, ''), baseUrl())).href;

/** The thread whose message a request edits, `<chatUrl>/threads/:id/edit`; undefined for any other request. */
export function editedThreadId(chatUrl: string, url: string): string | undefined {
  const { origin, pathname } = new URL(url, baseUrl());
  const root = new URL(chatUrl, baseUrl());
  const path = `${root.pathname.replace(/\/+$/, '')}/threads/`;
  if (origin !== root.origin || !pathname.startsWith(path)) return undefined;
  const id = /^([^/]+)\/edit$/.exec(pathname.slice(path.length))?.[1];
  return id === undefined ? undefined : decoded(id);
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined; // the server refuses it
  }
}

/** Whether a request goes to the server's own routes, by the URL of its protocol endpoint. */
export function isServerRoute(chatUrl: string, url: string): boolean {
  const { origin, pathname } = new URL(url, baseUrl());
  const roots = [chatUrl.replace(/[?#].*$/s, ''), ...BESIDE.map((route) => besideChat(chatUrl, route))];
  return roots.some((given) => {
    const root = new URL(given, baseUrl());
    const path = root.pathname.replace(/\/+$/, '');
    return origin === root.origin && (pathname === path || pathname.startsWith(`${path}/`));
  });
}
