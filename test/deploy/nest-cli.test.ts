import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface NestProject {
  readonly type: string;
  readonly root: string;
  readonly sourceRoot: string;
  readonly entryFile: string;
}

interface NestCli {
  readonly root: string;
  readonly sourceRoot: string;
  readonly compilerOptions: { readonly tsConfigPath: string };
  readonly projects: Readonly<Record<string, NestProject>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const config = read('nest-cli.json') as NestCli;
const scripts = (read('package.json') as { scripts: Record<string, string> }).scripts;
const imports = (read('package.json') as { imports: Record<string, { default: string }> }).imports;

/** The page and the client have a build of their own, and commands are no Nest applications. */
const OTHERS = ['client', 'doctor', 'terminal', 'web'];
/** The rest of the apps and libraries. */
const FOLDERS = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => !OTHERS.includes(name))
    .map((name) => `${folder}/${name}`),
);

describe('nest-cli.json', () => {
  const projects = Object.entries(config.projects);

  it('names every app and library, and no other', () => {
    const named = projects.map(([, project]) => project.root);
    expect(named.toSorted()).toEqual(FOLDERS.toSorted());
    expect(projects.map(([name]) => name)).toEqual(named.map((path) => path.split('/')[1]));
  });

  it.each(projects)('%s: its kind, its sources and its entry file are in the tree', (_, project) => {
    expect(project.type).toBe(project.root.startsWith('apps/') ? 'application' : 'library');
    expect(project.sourceRoot).toBe(`${project.root}/src`);
    expect(existsSync(join(root, project.sourceRoot, `${project.entryFile}.ts`))).toBe(true);
  });

  it.each(projects)('%s: its entry file is in the build, where it is started or imported from', (name, project) => {
    const built = `dist/${project.sourceRoot}/${project.entryFile}.js`;
    expect(existsSync(join(root, built))).toBe(true);
    const usedAs = project.type === 'application' ? scripts[`start:${name}`] : imports[`#${name}`]?.default;
    expect([`node ${built}`, `./${built}`]).toContain(usedAs);
  });

  it('starts with the API, and compiles with the configuration of the build', () => {
    expect(config).toMatchObject({ root: 'apps/api', sourceRoot: 'apps/api/src' });
    const { include } = read(config.compilerOptions.tsConfigPath) as { include: string[] };
    const isCompiled = (path: string): boolean => include.some((folder) => `${path}/`.startsWith(`${folder}/`));
    expect(FOLDERS.filter((path) => !isCompiled(path))).toEqual([]);
  });
});
