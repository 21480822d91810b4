export { type ConnectedChatKit, connectChatKit, type ConnectOptions } from './connect-chatkit.js';
export { ConnectionProblem } from './connection-problem.js';
export { loadChatKit } from './load-chatkit.js';
