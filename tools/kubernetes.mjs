// `npm run kubernetes`: renders the chart with each set of values in deploy/kubernetes/examples by Helm (on the PATH), and writes the
// manifests beside them. With `--check` it compares instead, lints the chart, and holds its ScaledObject to KEDA's own definition,
// which comes as a Go module.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse, parseAllDocuments } from 'yaml';
import { root, say } from './setup/project.mjs';
import { runMain } from './setup/run-main.mjs';

const FOLDER = 'deploy/kubernetes';
const CHART = `${FOLDER}/chatkit-relay`;
const SUMS = `${FOLDER}/rendered/sources.sha256`;
/** Of what the manifests are made for; the chart itself asks for 1.30. */
const KUBERNETES = '1.34';
const KEDA = 'github.com/kedacore/keda/v2@v2.21.0';

/** @param {string} command @param {string[]} args */
function run(command, ...args) {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (error) throw new Error(`${command} is needed on the PATH (${error.message})`);
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${stderr}${stdout}`);
  return stdout;
}

/** @param {string} example */
const render = (example) =>
  run('helm', 'template', 'chat', CHART, '--namespace', 'chat', '--kube-version', KUBERNETES, '--values', example);

/** What the manifests are made of, as `sha256sum` writes it: a test sees without Helm that they are made anew. */
function sums() {
  const files = [CHART, `${FOLDER}/examples`].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  const lines = files.toSorted().map((path) => `${sumOf(readFileSync(join(root, path)))}  ${path}\n`);
  return lines.join('');
}

/** @param {Buffer} bytes */
const sumOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** @returns {[path: string, text: string][]} */
function made() {
  const examples = readdirSync(join(root, FOLDER, 'examples'));
  /** @type {[string, string][]} */
  const manifests = examples.map((name) => [`${FOLDER}/rendered/${name}`, render(`${FOLDER}/examples/${name}`)]);
  return [...manifests, [SUMS, sums()]];
}

/** Refuses what KEDA's definition does not have, too: its API server would drop it in silence. */
function checkScaledObjects() {
  const { Dir } = JSON.parse(run('go', 'mod', 'download', '-json', KEDA));
  const definition = parse(readFileSync(join(Dir, 'config/crd/bases/keda.sh_scaledobjects.yaml'), 'utf8'));
  const schema = definition.spec.versions[0].schema.openAPIV3Schema;
  const validate = new Ajv({ strict: false, logger: false }).compile(closed(schema));
  const objects = made()
    .flatMap(([path, text]) => (path.endsWith('.yaml') ? parseAllDocuments(text) : []))
    .map((document) => document.toJS())
    .filter((object) => object?.kind === 'ScaledObject');
  if (objects.length === 0) throw new Error('no set of values has a ScaledObject');
  for (const object of objects) {
    if (!validate(object)) throw new Error(`a ScaledObject is not one: ${JSON.stringify(validate.errors)}`);
  }
  return objects.length;
}

/** @param {any} schema @returns {any} */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = !schema.properties || schema.additionalProperties || schema['x-kubernetes-preserve-unknown-fields'];
  // The metadata of any object are described elsewhere.
  return isOpen ? inner : { ...inner, additionalProperties: false };
}

function check() {
  for (const example of readdirSync(join(root, FOLDER, 'examples'))) {
    run('helm', 'lint', '--strict', CHART, '--values', `${FOLDER}/examples/${example}`);
  }
  const stale = made().filter(([path, text]) => readFileSync(join(root, path), 'utf8') !== text);
  if (stale.length > 0) throw new Error(`made anew by "npm run kubernetes": ${stale.map(([path]) => path).join(', ')}`);
  say(`The manifests are those of the chart; KEDA takes ${checkScaledObjects()} ScaledObject.`);
}

await runMain(async () => {
  if (process.argv.includes('--check')) check();
  else for (const [path, text] of made()) writeFileSync(join(root, path), text);
  return 0;
});
