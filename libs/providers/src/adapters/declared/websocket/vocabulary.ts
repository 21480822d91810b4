import type { Vocabulary } from '../template-check.js';

// What the templates of an entry may say: about a connection, the request of an answer, and the message that ends one.

export const ABOUT_CONNECTION: Vocabulary = { more: ['apiKey'], aboutCall: false };
export const ABOUT_REQUEST: Vocabulary = { more: ['apiKey', 'requestId'] };
export const ABOUT_CANCEL: Vocabulary = { more: ['apiKey', 'requestId'], aboutCall: false };
