/** A moment as Leases and Events have it: the API server takes six digits after the second and no other number of them. */
export const microTime = (moment: Date = new Date()): string => moment.toISOString().replace('Z', '000Z');

/** A time as the Kubernetes API writes it: RFC 3339 in whole seconds. */
export const timestamp = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** When the API server made an object, in milliseconds of UNIX time by its clock; 0 where the object does not say. */
export const creationTime = ({ metadata }: { readonly metadata?: { readonly creationTimestamp?: string } }): number =>
  Date.parse(metadata?.creationTimestamp ?? '') || 0;
