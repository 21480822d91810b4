/**
 * What the tests of a provider import: `import { conformance, startReplay } from 'chatkit-relay/providers/testing'`. They run
 * under vitest. The guide is docs/providers/writing-a-provider.md.
 */
export { conformance } from './conformance.js';
export { type LocalProxy, startLocalProxy } from './local-proxy.js';
export { startLocalServer, type LocalServer, type SeenRequest } from './local-server.js';
export { EVERY_KIND } from './every-kind.js';
export { collect, noAbort, say } from './prompts.js';
export { type Replay, type ReplayOptions, startReplay } from './replay.js';
export { selfSigned } from './self-signed.js';
export { scriptedModel } from './scripted-model.js';
export { faultsOf } from './well-formed.js';
