// Our own lint rules: who may import whom, as the tables in `borders.mjs` say. oxlint loads this file (`jsPlugins`).
import { posix, relative, sep } from 'node:path';
import { LAYERS, LOADERS, OPEN_TO, RESTRICTED } from './borders.mjs';

/** @typedef {import('./borders.mjs').Entry} Entry */
/** @typedef {{ cwd: string, filename: string, report(finding: { node: Node, message: string }): void }} Context */
/** @typedef {{ type: string, value?: unknown, quasis?: { value: { cooked: string } }[] }} Name */
/** @typedef {{ type: string, name?: string, callee?: Callee }} Callee */
/** @typedef {{ importKind?: string, source?: Name | null, expression?: Name, callee?: Callee, arguments?: Name[], id?: Callee, init?: Callee | null }} Node */

/**
 * @param {string} folder
 * @param {string} path
 */
const isWithin = (folder, path) => path === folder || path.startsWith(`${folder}/`);
/** @param {string} path */
const isTest = (path) => /\.test\.tsx?$/.test(path);
/** @param {string} path */
const isTestSupport = (path) => isTest(path) || /^(libs\/[^/]+\/src|apps\/web\/src\/.+)\/testing\//.test(path);
/** @param {string} path */
const packageOf = (path) => /^(apps|libs)\/[^/]+/.exec(path)?.[0];
/** @param {Context} context */
const pathOf = ({ cwd, filename }) => relative(cwd, filename).split(sep).join('/');

/** What the page imports by its path, because it is bundled: nothing in it may import zod or Node's modules. */
const BUNDLED = ['libs/client', 'libs/chatkit/src/widgets/apply-widget-update.ts'];
/** Whose types the page uses. They import zod, so their values are for the page's tests. */
const TYPES = [
  ...['components', 'icon-name', 'widget-props'].map((name) => `libs/chatkit/src/widgets/${name}.ts`),
  'libs/chatkit/src/assistant/page-tools.ts',
];

/**
 * What an import names: a file as its path from the project's root, a package by its name.
 * @param {string} file
 * @param {string} name
 */
const targetOf = (file, name) =>
  name.startsWith('.') ? posix.join(posix.dirname(file), name).replace(/\.js$/, '.ts') : name;

/** @param {Node} node */
function moduleName({ source, expression, arguments: given }) {
  const name = source ?? expression ?? given?.[0]; // `import x = require(…)` has an expression
  return name?.type === 'TemplateLiteral' ? name.quasis?.[0]?.value.cooked : name?.value;
}

/** @param {Callee | null | undefined} call */
const makesLoader = (call) => call?.callee?.name === 'createRequire';

/**
 * Calls `check` for every way to import: static, `import type`, `export … from`, `import(…)` as a value or a type, and the
 * functions that load a module by its name.
 * @param {Context} context
 * @param {(file: string, target: string, isType: boolean) => string | undefined} check
 */
function onImport(context, check) {
  const visit = (/** @type {Node} */ node) => {
    const name = moduleName(node);
    const message =
      typeof name === 'string' && check(pathOf(context), targetOf(pathOf(context), name), node.importKind === 'type');
    if (message) context.report({ node, message });
  };
  const loaders = new Set(LOADERS);
  return {
    VariableDeclarator(/** @type {Node} */ { id, init }) {
      if (id?.name && makesLoader(init)) loaders.add(id.name);
    },
    CallExpression(/** @type {Node} */ node) {
      if (makesLoader(node.callee) || loaders.has(node.callee?.name ?? '')) visit(node);
    },
    ImportDeclaration: visit,
    ExportNamedDeclaration: visit,
    ExportAllDeclaration: visit,
    ImportExpression: visit,
    TSImportType: visit,
    TSExternalModuleReference: visit,
  };
}

/** @param {string} file */
const rootsOf = (file) => Object.keys(LAYERS).filter((root) => file.startsWith(`${root}/`));
/** @param {Entry} entry */
const placesIn = (entry) => [entry].flat();

/**
 * @param {string} root
 * @param {string} file
 */
function placeOf(root, file) {
  const [first, ...rest] = file.slice(root.length + 1).split('/');
  const listed = (/** @type {string} */ place) => LAYERS[root].findIndex((entry) => placesIn(entry).includes(place));
  const name = rest.length > 0 || listed(first) >= 0 ? first : '.';
  return { name, rank: listed(name) >= 0 || name === '.' ? listed(name) : listed('*') };
}

/** @param {string} file */
function unranked(file) {
  const root = rootsOf(file).find((each) => placeOf(each, file).rank < 0);
  return root && `${placeOf(root, file).name} has no rank in ${root}: add it to tools/lint/borders.mjs.`;
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} target
 */
function upward(root, file, target) {
  const from = placeOf(root, file);
  const to = placeOf(root, target);
  if (from.name === to.name || to.rank < from.rank) return undefined;
  return `${from.name} may not import ${to.name}: see the order of ${root} in tools/lint/borders.mjs.`;
}

/**
 * @param {string} file
 * @param {string} target
 */
function crossesLayers(file, target) {
  if (isTest(file)) return undefined;
  const roots = rootsOf(file).filter((root) => rootsOf(target).includes(root));
  return roots.map((root) => upward(root, file, target)).find((message) => message !== undefined);
}

/**
 * @param {string} file
 * @param {string} target
 * @param {boolean} isType
 */
function isForPage(file, target, isType) {
  if (!isWithin('apps/web', file)) return false;
  return BUNDLED.some((path) => isWithin(path, target)) || (TYPES.includes(target) && (isType || isTestSupport(file)));
}

/**
 * @param {string} file
 * @param {string} target
 */
const isForCommand = (file, target) =>
  Object.entries(OPEN_TO).some(([app, opened]) => isWithin(app, file) && opened.some((path) => isWithin(path, target)));

/**
 * @param {string} file
 * @param {string} target
 * @param {boolean} isType
 */
function crossesPackages(file, target, isType) {
  if (isTest(target) && !isTest(file)) return 'Nobody imports a test.';
  const ownName = `#${packageOf(file)?.split('/')[1]}`;
  if (!isTestSupport(file) && isWithin(ownName, target)) {
    return 'Inside a library, import its files by their path: its name would get around the order of folders.';
  }
  const isFile = /^(\.\.|apps|dist|examples|libs|node_modules|test|tools)\//.test(target);
  const isOpen = isWithin(packageOf(file) ?? '', target) || (isTest(file) && isWithin('test', target));
  if (!isFile || isOpen || isForPage(file, target, isType) || isForCommand(file, target)) return undefined;
  return 'Import a library by its name (#chatkit, #providers, #runtime); nobody imports an app.';
}

/**
 * @param {string} file
 * @param {string} target
 */
function restricted(file, target) {
  /** @param {{ modules: string[], only: string[] }} restriction */
  const matches = ({ modules, only }) =>
    modules.some((name) => isWithin(name, target)) && !only.some((folder) => isWithin(folder, file));
  return isTestSupport(file) ? undefined : RESTRICTED.find(matches)?.message;
}

const layers = {
  create: (/** @type {Context} */ context) => ({
    ...onImport(context, crossesLayers),
    Program(/** @type {Node} */ node) {
      const message = unranked(pathOf(context));
      if (message) context.report({ node, message });
    },
  }),
};

const borders = {
  create: (/** @type {Context} */ context) =>
    packageOf(pathOf(context))
      ? onImport(context, (file, target, isType) => crossesPackages(file, target, isType) ?? restricted(file, target))
      : {},
};

export default { meta: { name: 'relay' }, rules: { layers, borders } };
