/**
 * Whether `name` matches one of the globs: `*` stands for any run of characters, `?` for one character, everything else for itself;
 * the whole name must match.
 */
export function matchesGlob(name: string, globs: readonly string[]): boolean {
  return globs.some((glob) => expression(glob).test(name));
}

function expression(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
