/** Upper bounds of histograms, in seconds. */

/** Waiting for a free worker: a healthy installation is in the first ones. */
export const WAIT_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Until the first piece of an answer. */
export const FIRST_PIECE_SECONDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120];

/** A model call, or a whole run with its tools. */
export const ANSWER_SECONDS = [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800];

/** A request that is answered at once. */
export const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Tokens a second. */
export const TOKEN_RATES = [1, 5, 10, 20, 40, 60, 80, 100, 150, 200, 400, 800];
