import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const COPIED = [
  'package.json',
  'package-lock.json',
  'prisma',
  'prisma.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'tools',
];

/** Copies of this checkout with stub apps in the place of the real ones; removed together. */
export class Projects {
  readonly #folder = mkdtempSync(join(tmpdir(), 'chatkit-relay-launcher-'));
  #template: string | undefined;

  constructor() {
    chmodSync(this.#folder, 0o755); // other users start projects in it, too
  }

  /** Installed (by a link to our node_modules), generated and built: `npm start` has nothing to prepare. */
  make(name: string): string {
    this.#template ??= this.#build();
    const project = join(this.#folder, name);
    cpSync(this.#template, project, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    return project;
  }

  /** As after a clone. */
  makeBare(name: string): string {
    const project = join(this.#folder, name);
    for (const path of COPIED)
      cpSync(join(ROOT, path), join(project, path), { recursive: true, preserveTimestamps: true });
    for (const app of ['api', 'worker']) {
      mkdirSync(join(project, 'apps', app, 'src'), { recursive: true });
      cpSync(join(import.meta.dirname, 'stubs', `${app}.ts`), join(project, 'apps', app, 'src', 'main.ts'));
      cpSync(join(import.meta.dirname, 'stubs', 'config.ts'), join(project, 'apps', app, 'src', 'config.ts'));
    }
    return project;
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #build(): string {
    rmSync(this.path('template'), { recursive: true, force: true }); // of a build that failed
    const project = this.makeBare('template');
    symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
    execFileSync(process.execPath, ['--input-type=module', '-e', PREPARE], { cwd: project, stdio: 'pipe' });
    return project;
  }
}

/** The very code that `npm start` runs first. */
const PREPARE = `
  const { prepare } = await import(process.cwd() + '/tools/setup/prepare.mjs');
  await prepare(process.cwd(), () => undefined);
`;
