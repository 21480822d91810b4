import { randomBytes } from 'node:crypto';

export const newId = (prefix) => prefix + randomBytes(12).toString('hex');
export const seconds = () => Math.floor(Date.now() / 1000);

/** About as many tokens as a text has; good enough for usage. */
export const tokensIn = (text) => Math.ceil(text.length / 4);
