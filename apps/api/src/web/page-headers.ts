/** Where the official component's script, frame and services are. Its script names no other host to the page. */
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

/** The component draws itself with style elements, which no policy can tell from our own, hence 'unsafe-inline' there. */
const COMPONENT_PAGE: Directives = {
  ...OWN_PAGE,
  'script-src': ["'self'", COMPONENT_HOST],
  'style-src': ["'self'", "'unsafe-inline'", COMPONENT_HOST],
  'connect-src': ["'self'", COMPONENT_HOST],
  'img-src': ["'self'", 'data:', COMPONENT_HOST],
  'font-src': ["'self'", COMPONENT_HOST],
  'frame-src': [COMPONENT_HOST],
};

/** Sent with every file of ours that a browser may load. */
export const FILE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

const pageHeaders = (policy: Directives): Readonly<Record<string, string>> => ({
  ...FILE_HEADERS,
  'content-security-policy': serialize(policy),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // A page names its hashed files: it has to be asked for again after each build, and is answered by its ETag.
  'cache-control': 'no-cache',
});

/** The built pages by the path that serves them. */
export const PAGES: readonly { readonly path: string; readonly file: string; readonly headers: object }[] = [
  { path: '/', file: 'index.html', headers: pageHeaders(OWN_PAGE) },
  {
    path: '/chatkit-react',
    file: 'chatkit-react.html',
    // The component checks the domain key against the page's origin, which the referrer tells.
    headers: { ...pageHeaders(COMPONENT_PAGE), 'referrer-policy': 'strict-origin-when-cross-origin' },
  },
];

function serialize(policy: Directives): string {
  return Object.entries(policy)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}
