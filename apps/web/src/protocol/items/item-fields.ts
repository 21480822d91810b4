/** What every item has [IT-1]. */
export interface ItemFields {
  readonly id: string;
  readonly created_at: string;
}
