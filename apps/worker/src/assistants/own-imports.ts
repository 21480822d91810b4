import { register } from 'node:module';

/** What an assistant's module imports from this product, wherever on the disk the module lies. */
const OWN_IMPORTS = { 'chatkit-relay/assistants': import.meta.resolve('chatkit-relay/assistants') };

let registered = false;

/**
 * Lets modules outside of this package import `chatkit-relay/assistants`. The same copy that the worker runs, so that
 * `instanceof` holds and two versions never meet.
 */
export function allowOwnImports(): void {
  if (registered) return;
  registered = true;
  const hook = `
    const own = ${JSON.stringify(OWN_IMPORTS)};
    export const resolve = (specifier, context, next) =>
      own[specifier] ? { url: own[specifier], shortCircuit: true } : next(specifier, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
