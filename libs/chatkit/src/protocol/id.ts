import { plainText } from './text.js';

/** An id as a request names it. */
export const Id = plainText('id');
