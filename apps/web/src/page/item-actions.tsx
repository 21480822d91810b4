import { createContext, type ReactNode, useContext } from 'react';
import type { ItemActions } from '../chat/item-actions.js';

const Actions = createContext<ItemActions | undefined>(undefined);
const CanAsk = createContext(false);
const NewestId = createContext<string | undefined>(undefined);

interface ItemActionsProviderProps {
  readonly actions: ItemActions;
  /** Whether an answer can be asked for: none is being written, and the thread is open. */
  readonly canAsk: boolean;
  /** The id of the newest item. */
  readonly newestId: string | undefined;
  readonly children: ReactNode;
}

export function ItemActionsProvider({ actions, canAsk, newestId, children }: ItemActionsProviderProps) {
  return (
    <Actions value={actions}>
      <CanAsk value={canAsk}>
        <NewestId value={newestId}>{children}</NewestId>
      </CanAsk>
    </Actions>
  );
}

/** What can be done with the items of the open conversation. */
export function useItemActions(): ItemActions {
  const actions = useContext(Actions);
  if (!actions) throw new Error('useItemActions needs an ItemActionsProvider around it');
  return actions;
}

/** Whether an answer can be asked for now; renders again when that changes. */
export const useCanAsk = (): boolean => useContext(CanAsk);

/** Whether an item is the last of its conversation, where the assistant may wait for it. */
export const useIsNewest = (itemId: string): boolean => useContext(NewestId) === itemId;
