import type { Fields } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';

/** An item that this page cannot read, because its type is newer than the page, or because it is malformed. */
export interface OtherItem extends ItemFields {
  readonly type: 'other';
  /** The name of its type. */
  readonly kind: string;
  readonly raw: Fields;
}

export const readOther = (own: ItemFields, kind: string, raw: Fields): OtherItem => ({
  ...own,
  type: 'other',
  kind,
  raw,
});
