/**
 * How an actor ends who is somebody: JSON, since names may have any sign in them. An erasure finds it there; in the JSON of another
 * name it cannot end, because quotation marks are escaped.
 */
export const actorName = (tenantId: string, userId: string): string => JSON.stringify([tenantId, userId]);
