export { conformance } from './conformance.js';
export { startLocalServer, type LocalServer, type SeenRequest } from './local-server.js';
export { collect, noAbort, say } from './prompts.js';
export { scriptedModel } from './scripted-model.js';
export { faultsOf } from './well-formed.js';
