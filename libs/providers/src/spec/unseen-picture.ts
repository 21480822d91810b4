/** Stands in a prompt for a picture that its model cannot see. */
export const UNSEEN_PICTURE = '[A picture is here that this model cannot see. Say so if it matters.]';
