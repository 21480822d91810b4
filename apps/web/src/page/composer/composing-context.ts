import { createContext } from 'react';
import type { Composing } from '../../chat/composing.js';

/** Drafts, dictation, and what is known of sent files. */
export const ComposingContext = createContext<Composing | undefined>(undefined);
