import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * A vendor's SDK, loaded when the first provider of its kind is made: each takes 40 to 180 ms and 11 to 29 MB. Synchronous, so
 * that a package that is missing is reported when the process starts and not by the first person who asks.
 * @throws Error naming the package and how to install it
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the type of the package
export function loadSdk<Module>(name: string, kind: string): Module {
  try {
    return require(name) as Module;
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new Error(
      `a provider of kind "${kind}" needs the package ${name}, which is not installed; run: npm install ${name}`,
      { cause },
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
