import { register } from 'node:module';

/** What an operator's module imports from this product, wherever the file is. */
const NAMES = ['chatkit-relay/assistants', 'chatkit-relay/providers'];

let registered = false;

/**
 * Lets modules outside of this package import its public parts: the same copy that the worker runs, so that
 * `instanceof` works and two versions never meet.
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
