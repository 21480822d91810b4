// Who may import whom. The rules in `plugin.mjs` read this table; `test/lint` proves each line of it.

/** @typedef {string | string[]} Entry */

/**
 * The order of the folders of a root, from low to high. A file imports from its own folder and from lower ones, never
 * from a higher one; `import type` counts as well. Folders in one `[…]` have the same rank and do not import each
 * other. A file directly in the root has the rank of its name (`'config.ts'`) or else of `'.'`. All folders that are not
 * in the list have the rank of `'*'` and do not import each other. Without `'*'` such a folder is an error, so that a new
 * one is given its rank.
 *
 * To add a root, add its path with all of its folders; a root may lie inside another one, then both orders hold. Test
 * files (`*.test.ts`) may import from every folder.
 * @type {Record<string, Entry[]>}
 */
export const LAYERS = {
  'libs/chatkit/src': ['protocol', ['ids.ts', 'wire', 'widgets', 'structured'], ['fold', 'assistant'], 'testing', '.'],
  'libs/media/src': ['.', 'testing'],
  'libs/runtime/src': [
    ['addresses', 'auth', 'errors', 'generated'],
    'environment',
    'platform',
    'redis',
    ['audit', 'cache', 'credentials', 'gateway', 'jobs', 'policy-state', 'threads'],
    'quotas',
    'usage',
    ['attachments', 'events', 'feedback'],
    'runs',
    ['calls', 'config', 'models', 'monitoring'],
    ['admission', 'execution', 'reading'],
    ['administration', 'personal-data'],
    'retention',
    'nest',
    '.',
  ],
  'libs/runtime/src/events': ['.', ['postgres', 'redis']],
  'libs/providers/src': [
    ['spec', 'timing'],
    ['http', 'parts'],
    ['traits', 'unsupported'],
    ['accounting', 'conversation', 'hooks', 'reasoning', 'tools-from-text', 'wire'],
    ['attachments', 'policies', 'sdk'],
    'adapters',
    '.',
    ['recordings', 'testing'],
  ],
  // Others build on the wires of these two vendors; apart from that, no kind knows another.
  'libs/providers/src/adapters': [
    'entry-fields.ts',
    'provider-module.ts',
    'kind.ts',
    ['anthropic', 'openai'],
    '*',
    '.',
  ],
  'apps/worker/src': [
    'config-schema.ts',
    ['accounting', 'config.ts', 'metrics', 'module-loader', 'nest', 'worker-settings.ts'],
    'attempt',
    ['output', 'providers'],
    ['assistants', 'context', 'hooks'],
    ['answer', 'titles'],
    // Three kinds of work on the same foundation; none imports another.
    ['assistant-calls', 'gateway', 'turn'],
    ['background', 'catalogue', 'jobs', 'testing', 'test-kit'],
    'monitoring',
    '.',
  ],
  'apps/doctor/src': [
    ['finding.ts', 'installation.ts', 'options.ts'],
    ['check.ts', 'engines', 'is-at-least.ts', 'server'],
    'checks',
    '.',
  ],
  'apps/api/src': [
    'described',
    'auth-config.ts',
    'reach-config.ts',
    'config.ts',
    'errors',
    ['auth', 'http', 'models', 'slots'],
    ['assistants', 'files', 'rates', 'streams'],
    ['admin', 'chatkit', 'debug', 'gateway', 'health', 'monitoring', 'page', 'runs', 'sessions', 'usage', 'web'],
    'openapi',
    '.',
  ],
};

const SERVERS = ['apps/api', 'apps/worker'];

/** What our commands use of the other apps: their own code, and not a second version of it. Nobody else imports an app. */
export const OPEN_TO = {
  'apps/doctor': [
    'apps/api/src/auth/strategies/operators-module.ts',
    'apps/api/src/config.ts',
    'apps/api/src/health/buffering-probe.ts',
    'apps/worker/src/config.ts',
    'apps/worker/src/load-modules.ts',
    'apps/worker/src/providers/configured-models.ts',
    'apps/worker/src/providers/load-providers.ts',
  ],
  'apps/terminal': ['apps/web/src/chat/uploads.ts', 'apps/web/src/protocol', 'libs/client'],
};
const ADAPTERS = 'libs/providers/src/adapters';

/** Functions that load the module that their first argument names; so does what `createRequire` returns. */
export const LOADERS = ['require', 'loadSdk'];

/**
 * Modules that only some parts of the code know. A name covers its subpaths; `only` lists folders and files of the
 * product. Tests and the `testing` folders of the libraries may import all of them.
 */
export const RESTRICTED = [
  {
    modules: ['chatkit-relay'],
    only: [],
    message: "The package's own name is for its users: import #chatkit or #providers.",
  },
  {
    modules: ['#providers'],
    only: ['apps/doctor', 'apps/worker'],
    message: 'Only the worker, and the doctor, know providers.',
  },
  {
    modules: ['openai'],
    only: [`${ADAPTERS}/openai`, `${ADAPTERS}/azure`],
    message: "OpenAI's SDK is for the adapters of its API.",
  },
  {
    modules: ['@anthropic-ai'],
    only: [`${ADAPTERS}/anthropic`, `${ADAPTERS}/bedrock`, `${ADAPTERS}/vertex`],
    message: "Anthropic's SDKs are for the adapters of its API.",
  },
  { modules: ['cohere-ai'], only: [`${ADAPTERS}/cohere`], message: "Cohere's SDK is for its adapter." },
  {
    modules: ['@aws-sdk', '@smithy'],
    only: [`${ADAPTERS}/bedrock`, 'libs/runtime/src/attachments/s3'],
    message: "AWS's packages are for the adapter of Bedrock and for the object store.",
  },
  {
    modules: ['google-auth-library'],
    only: [`${ADAPTERS}/vertex`],
    message: "Google's packages are for the adapter of Vertex.",
  },
  { modules: ['@azure'], only: [`${ADAPTERS}/azure`], message: "Azure's packages are for its adapter." },
  {
    modules: ['@prisma', 'prisma', 'pg'],
    // The doctor looks at the engines as a stranger does, without the settings and retries of the product.
    only: ['apps/doctor', 'libs/runtime'],
    message: 'Only libs/runtime knows the database.',
  },
  {
    modules: ['bullmq'],
    only: ['libs/runtime/src/jobs', 'libs/runtime/src/nest', 'apps/worker/src/jobs'],
    message: "bullmq is for the wiring of libs/runtime and the worker's processors.",
  },
  {
    modules: ['prom-client'],
    only: ['libs/runtime/src/monitoring'],
    message: 'Metrics are defined through the class Metrics of #runtime.',
  },
  {
    modules: ['@nestjs/bullmq'],
    only: ['apps/worker', 'libs/runtime'],
    message: 'The API adds jobs through #runtime.',
  },
  {
    modules: ['ioredis', 'redis'],
    only: ['apps/doctor', 'libs/runtime'],
    message: 'Only libs/runtime knows Redis.',
  },
  {
    modules: ['fastify', '@fastify', '@nestjs/platform-fastify'],
    only: ['apps/api'],
    message: 'Only apps/api knows HTTP.',
  },
  {
    modules: ['@nestjs'],
    only: [...SERVERS, 'libs/runtime'],
    message: 'Nest is for the apps and the wiring of libs/runtime.',
  },
  {
    modules: ['#chatkit'],
    only: [...SERVERS, 'libs/chatkit', 'libs/runtime'],
    message: 'libs/providers knows no ChatKit: translate in apps/worker.',
  },
  {
    modules: ['#media'],
    only: [...SERVERS, 'libs/providers', 'libs/runtime'],
    message: 'libs/chatkit knows no bytes of files: pass what it needs.',
  },
  {
    modules: ['sharp', 'file-type', 'pdfjs-dist', 'libheif-js'],
    only: ['libs/media'],
    message: 'Only libs/media reads pictures and documents.',
  },
  {
    modules: ['#runtime'],
    only: [...SERVERS, 'apps/doctor', 'libs/runtime'],
    message: 'Only the apps know the runtime.',
  },
  {
    modules: ['#runtime/api'],
    only: ['apps/api'],
    message: 'A worker does not admit, follow or read runs: that is for the API.',
  },
  {
    modules: ['#runtime/worker'],
    only: ['apps/worker'],
    message: 'The API does not claim or write runs: that is for a worker.',
  },
  {
    modules: ['#chatkit/testing', '#media/testing', '#providers/testing'],
    only: [],
    message: 'Test support is for tests.',
  },
];
