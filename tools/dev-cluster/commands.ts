import { shellBlocks } from '../docs/shell.ts';

/** Prefix of the full image names in manifests and chart, under which the nodes have the images. */
export const IMAGES = 'docker.io/library';

/** Sections of docs/cluster.md whose first commands lead from an empty cluster to a student. */
const SECTIONS = ['Install', 'Put teacher and data on the volume', 'Run and follow'];

/**
 * The commands of docs/cluster.md, to be pasted on the cluster of `npm run dev-cluster`: with its images, and without requiring GPUs, which
 * are simulated there.
 *
 * @param guide text of docs/cluster.md
 * @returns one block of commands per section
 * @throws Error when the guide no longer contains what has to be replaced
 */
export function devClusterCommands(guide: string): string[] {
  const blocks = SECTIONS.map((section) => shellBlocks(guide, section)[0] ?? '');
  const [install = '', ...rest] = blocks;
  return [onDevCluster(install), ...rest];
}

/** A block that installs, with the images of this cluster, and with further values. @throws Error as above */
export function onDevCluster(install: string, ...values: readonly string[]): string {
  const withImages = replace(install, /^export REPOSITORY=.*$/m, `export REPOSITORY=${IMAGES}`);
  const settings = ['worker.requireGpu=false', ...values].map((value) => `--set ${value}`).join(' ');
  return replace(withImages, /(?= --wait\b)/, ` ${settings}`);
}

function replace(text: string, what: RegExp, by: string): string {
  if (!what.test(text)) throw new Error(`The document does not say ${what.source} any more`);
  return text.replace(what, by);
}
