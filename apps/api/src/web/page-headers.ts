/** The host of the official component's script, frame and services; its script contacts no other. */
const COMPONENT_HOST = 'https://cdn.platform.openai.com';

type Directives = Readonly<Record<string, readonly string[]>>;

const OWN_PAGE: Directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'connect-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The component inserts style elements, which a policy can allow only by 'unsafe-inline'. */
const COMPONENT_PAGE: Directives = {
  ...OWN_PAGE,
  'script-src': ["'self'", COMPONENT_HOST],
  'style-src': ["'self'", "'unsafe-inline'", COMPONENT_HOST],
  'connect-src': ["'self'", COMPONENT_HOST],
  'img-src': ["'self'", 'data:', COMPONENT_HOST],
  'font-src': ["'self'", COMPONENT_HOST],
  'frame-src': [COMPONENT_HOST],
};

/** For every file of the server that a browser may load. */
export const FILE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

const pageHeaders = (policy: Directives): Readonly<Record<string, string>> => ({
  ...FILE_HEADERS,
  'content-security-policy': serialize(policy),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // A page names hashed files, so browsers must revalidate it (by ETag) after each build.
  'cache-control': 'no-cache',
});

/** The built pages by the path that serves them. */
export const PAGES: readonly { readonly path: string; readonly file: string; readonly headers: object }[] = [
  { path: '/', file: 'index.html', headers: pageHeaders(OWN_PAGE) },
  {
    path: '/chatkit-react',
    file: 'chatkit-react.html',
    // The component checks the domain key against the page's origin, which it gets as the referrer.
    headers: { ...pageHeaders(COMPONENT_PAGE), 'referrer-policy': 'strict-origin-when-cross-origin' },
  },
];

function serialize(policy: Directives): string {
  return Object.entries(policy)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}
