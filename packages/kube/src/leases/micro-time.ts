/** A moment as Leases and Events have it: the API server takes six digits after the second and no other number of them. */
export const microTime = (moment: Date = new Date()): string => moment.toISOString().replace('Z', '000Z');
