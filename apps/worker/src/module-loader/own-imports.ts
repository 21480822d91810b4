import { register } from 'node:module';

/** What a person's module imports from this product, wherever on the disk it lies. */
const NAMES = ['chatkit-relay/assistants', 'chatkit-relay/providers'];

let registered = false;

/**
 * Lets modules outside of this package import the public parts of it. The same copy that the worker runs, so that
 * `instanceof` holds and two versions never meet.
 */
export function allowOwnImports(): void {
  if (registered) return;
  registered = true;
  const own = Object.fromEntries(NAMES.map((name) => [name, import.meta.resolve(name)]));
  const hook = `
    const own = ${JSON.stringify(own)};
    export const resolve = (specifier, context, next) =>
      own[specifier] ? { url: own[specifier], shortCircuit: true } : next(specifier, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
