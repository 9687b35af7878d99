/** A decimal of the spec as a number; `fallback` when the field is absent. Patterns of the schema have made sure that it reads. */
export function decimalOr(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : Number(text);
}
