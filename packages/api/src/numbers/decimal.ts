/** Reads a decimal of the API, such as "0.02" or "1e-3": a string that has passed the schema's patterns. */
export function readDecimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new RangeError(`"${text}" is not a decimal`);
  return value;
}
