/**
 * Parses the index lists in an Indexed Job's status as the Job controller writes them: numbers and ranges, such as `1,3-5,7`. Invalid parts
 * are skipped.
 */
export function parseIndexes(text: string | undefined): ReadonlySet<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const [, first, last] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim()) ?? [];
    if (first === undefined) continue;
    for (let index = Number(first); index <= Number(last ?? first); index++) indexes.add(index);
  }
  return indexes;
}
