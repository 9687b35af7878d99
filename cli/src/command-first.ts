import { clusterOptions } from './cluster/options.ts';

const VALUED: ReadonlySet<string> = new Set(clusterOptions().flatMap(({ short, long }) => [short ?? '', long ?? '']));
const PLAIN: ReadonlySet<string> = new Set(['-A', '--all-namespaces']);

/**
 * kubectl takes its flags before a command as well as behind it, so `kubectl distill -n team-a watch job` is what people type.
 * @returns the same with cluster flags that stand before the command moved behind it; as it is where another flag stands there
 */
export function commandFirst(argv: readonly string[]): readonly string[] {
  let at = 0;
  while (at < argv.length) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) return at === 0 ? argv : [word, ...argv.slice(0, at), ...argv.slice(at + 1)];
    // `-nteam-a` and `--namespace=team-a` hold their value.
    const isWhole = PLAIN.has(word) || VALUED.has(word.split('=')[0] ?? '') || VALUED.has(word.slice(0, 2));
    if (!isWhole) return argv;
    at += VALUED.has(word) ? 2 : 1;
  }
  return argv;
}
