import { texts } from '../../i18n/texts.js';
import { textOf } from '../../protocol/fold.js';
import type { Item } from '../../protocol/types.js';
import { useIsNewest } from '../item-actions.js';
import type { ItemProps } from './item-props.js';

/** An item of a type that this page does not know. */
export function OtherView({ item }: ItemProps<'other'>) {
  return (
    <div className="unknown-item">
      <p>{texts.items.unknown}</p>
      <Details label={item.kind} text={JSON.stringify(item.raw, null, 2)} />
      <WayOn itemId={item.id} />
    </div>
  );
}

/** An item whose component has failed. */
export function BrokenItem({ item }: { readonly item: Item }) {
  return (
    <div className="unknown-item" role="note">
      <p>{texts.items.broken}</p>
      <pre tabIndex={0}>{textOf(item) || JSON.stringify(item, null, 2)}</pre>
      <WayOn itemId={item.id} />
    </div>
  );
}

/** The assistant may wait for what cannot be shown here. The button to answer again is below the item. */
function WayOn({ itemId }: { readonly itemId: string }) {
  return useIsNewest(itemId) ? <p>{texts.items.unknownWaits}</p> : null;
}

function Details({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <details>
      <summary>{texts.items.details(label)}</summary>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
