/** A `MicroTime` as in Leases and Events, for which the API server requires exactly six fractional digits. */
export const microTime = (moment: Date = new Date()): string => moment.toISOString().replace('Z', '000Z');

/** A `Time` of the Kubernetes API: RFC 3339 in whole seconds. */
export const timestamp = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** When the API server created an object, in milliseconds since the epoch by its clock; 0 if the object does not say. */
export const creationTime = ({ metadata }: { readonly metadata?: { readonly creationTimestamp?: string } }): number =>
  Date.parse(metadata?.creationTimestamp ?? '') || 0;
