import { createContext, useContext } from 'react';
import { Reach } from '../chat/reach.js';
import { useStore } from './use-store.js';

export const ReachContext = createContext(new Reach());

/** Whether the server cannot be reached at the moment. */
export const useIsAway = (): boolean => useStore(useContext(ReachContext).store).isAway;
