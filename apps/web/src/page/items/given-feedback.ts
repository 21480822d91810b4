import { createContext } from 'react';
import type { FeedbackKind } from '../../protocol/types.js';

/** What the person has said about the item. */
export const GivenFeedback = createContext<FeedbackKind | undefined>(undefined);
