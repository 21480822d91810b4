import { createContext, useCallback, useContext } from 'react';
import { explain } from '../chat/error-text.js';

/** Whether the person is the operator, who is told the causes of failures. */
export const IsLocal = createContext(false);

/** Says what a request has failed with, and to the operator what the server says about it. */
export function useExplain(): (error: unknown) => string {
  const isLocal = useContext(IsLocal);
  return useCallback((error: unknown) => explain(error, isLocal), [isLocal]);
}
