/** The host of the official component's script, frame and services; its script contacts no other. */
const COMPONENT_HOST = 'https://cdn.platform.openai.com';

type Directives = Readonly<Record<string, readonly string[]>>;

const OWN_PAGE: Directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'connect-src': ["'self'"],
  // blob: is a picture that the person has just chosen, shown before it is sent.
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  // The page that draws diagrams.
  'frame-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

const ADMIN_PAGE: Directives = { ...OWN_PAGE, 'frame-src': ["'none'"], 'img-src': ["'self'"] };

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

/**
 * Draws diagrams in a frame of our own page. What draws them inserts style elements; apart from these and its code, nothing is
 * loaded and nothing can be sent.
 */
const DIAGRAM_PAGE: Directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'self'"],
};

/** For every file of the server that a browser may load. */
export const FILE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * @param fileOrigins where browsers send attachments to and get them from, if that is another host: an object store answers a
 * preview of ours with a redirection to itself
 */
const pageHeaders = (policy: Directives, fileOrigins: readonly string[]): Readonly<Record<string, string>> => ({
  ...FILE_HEADERS,
  'content-security-policy': serialize(withOrigins(policy, fileOrigins)),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // A page names hashed files, so browsers must revalidate it (by ETag) after each build.
  'cache-control': 'no-cache',
});

/** Not by a pattern: where nobody can be an administrator, there is nothing at `/admin/queues`. */
const ADMIN_PATHS = [
  '/admin',
  '/admin/runs',
  '/admin/runs/:id',
  '/admin/workers',
  '/admin/providers',
  '/admin/usage',
  '/admin/audit',
];

interface Page {
  readonly path: string;
  readonly file: string;
  readonly headers: (fileOrigins: readonly string[]) => Readonly<Record<string, string>>;
}

/** The built pages by the path that serves them. */
export const PAGES: readonly Page[] = [
  { path: '/', file: 'index.html', headers: (origins) => pageHeaders(OWN_PAGE, origins) },
  // The page itself reads which conversation it is to show.
  { path: '/c/:threadId', file: 'index.html', headers: (origins) => pageHeaders(OWN_PAGE, origins) },
  {
    path: '/chatkit-react',
    file: 'chatkit-react.html',
    headers: (origins) => ({
      ...pageHeaders(COMPONENT_PAGE, origins),
      // The component checks the domain key against the page's origin, which it gets as the referrer.
      'referrer-policy': 'strict-origin-when-cross-origin',
    }),
  },
  // The page itself reads what it is to show; what it shows comes from the administrators' routes.
  ...ADMIN_PATHS.map((path) => ({
    path,
    file: 'admin.html',
    headers: () => pageHeaders(ADMIN_PAGE, []),
  })),
  { path: '/diagram', file: 'diagram.html', headers: () => pageHeaders(DIAGRAM_PAGE, []) },
];

function withOrigins(policy: Directives, origins: readonly string[]): Directives {
  const { 'connect-src': connect = [], 'img-src': images = [] } = policy;
  return { ...policy, 'connect-src': [...connect, ...origins], 'img-src': [...images, ...origins] };
}

function serialize(policy: Directives): string {
  return Object.entries(policy)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}
