/**
 * Number of edits (insert, delete, replace, swap of neighbours) that turn one word into the other, ignoring case.
 *
 * @param globs whether `*` and `?` in the first word stand for any run of characters and any one character
 */
export function editDistance(left: string, right: string, { globs = false } = {}): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    const isRun = globs && a[i - 1] === '*';
    const row = [at(i - 1, 0) + (isRun ? 0 : 1)];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] || (globs && a[i - 1] === '?') ? 0 : 1;
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      const edits = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change, swap);
      row.push(isRun ? Math.min(at(i - 1, j), at(i, j - 1), edits) : edits);
    }
  }
  return at(a.length, b.length);
}

/** The known word that was most likely meant; undefined when none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return leastOf(known, (candidate) => ({
    distance: editDistance(word, candidate),
    allowed: Math.min(word.length, candidate.length) / 3,
  }));
}

/** The name that the glob was most likely meant to match; undefined when none is close. */
export function nearestToGlob(glob: string, names: readonly string[]): string | undefined {
  const written = glob.replaceAll(/[*?]/g, '').length;
  return leastOf(names, (candidate) => ({
    distance: editDistance(glob, candidate, { globs: true }),
    allowed: Math.min(written, candidate.length) / 3,
  }));
}

/** The word with the fewest edits, provided that they are no more than allowed; the first of equals. */
function leastOf(
  words: readonly string[],
  rate: (word: string) => { distance: number; allowed: number },
): string | undefined {
  const near = words
    .map((word) => ({ word, ...rate(word) }))
    .filter(({ distance, allowed }) => distance <= Math.max(1, Math.floor(allowed)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.word;
}
