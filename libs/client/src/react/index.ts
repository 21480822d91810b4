export { ConnectionProblem } from '../component/connection-problem.js';
export type { ServerAssistant, ServerConfig } from '../component/read-server.js';
export { type RelayChatKit, useRelayChatKit, type UseRelayChatKitOptions } from './use-relay-chatkit.js';
