/** How long an answer that was stopped may take to come to its own end; tools and hooks need not heed the signal [CX-8]. */
export const LEAVE_AFTER_MS = 500;
