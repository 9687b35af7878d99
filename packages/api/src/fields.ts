/** A copy of a value without the fields of its maps, at any depth, whose values are left out. The entries of lists stay. */
export function withoutFields(value: unknown, isLeftOut: (field: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => withoutFields(entry, isLeftOut));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => !isLeftOut(field));
  for (const field of fields) field[1] = withoutFields(field[1], isLeftOut);
  return Object.fromEntries(fields);
}
