export type { AttachOptions } from './attach.js';
export { type ChatKitFetch, type ChatKitFetchOptions, createChatKitFetch } from './create-chatkit-fetch.js';
export type { FollowedRun } from './relay-client.js';
export { RefusedError, type Retry } from './retry.js';
export type { RunStorage } from './run-memory.js';
export { type Session, sessionHeaders } from './session-headers.js';
