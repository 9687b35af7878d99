/** A time as the Kubernetes API writes it: RFC 3339 in whole seconds. */
export const timestamp = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');
