import { PlainText } from './text.js';

/** An id as a request names it. */
export const Id = PlainText;
