import { createContext } from 'react';

/** Whether more text will come to the block around. */
export const IsGrowing = createContext(false);
