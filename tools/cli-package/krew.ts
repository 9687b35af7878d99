import { dump } from 'js-yaml';
import { NAME } from './contents.ts';
import { type Platform } from './platforms.ts';

/** An archive of a release, and where it will be. */
export interface ReleasedArchive {
  readonly platform: Platform;
  readonly url: string;
  /** SHA-256 of the archive, in hexadecimal digits. */
  readonly sha256: string;
}

/** Name of the plugin: `kubectl distill`. */
export const PLUGIN = 'distill';

/**
 * The manifest by which krew installs the plugin, as YAML: https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/
 * @param home page of the project
 */
export function krewManifest(version: string, home: string, archives: readonly ReleasedArchive[]): string {
  return dump(
    {
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
      metadata: { name: PLUGIN },
      spec: {
        version: `v${version}`,
        homepage: home,
        shortDescription: 'Run and follow blockwise knowledge distillation',
        description:
          'Makes trained convolutional networks smaller and faster: applies DistillationJobs, follows them, says what is wrong with them and ' +
          'fetches their students. The cluster needs the operator.',
        platforms: archives.map(({ platform, url, sha256 }) => ({
          selector: { matchLabels: { os: platform.os, arch: platform.arch } },
          uri: url,
          sha256,
          files: [{ from: `${NAME}-${version}/*`, to: '.' }],
          bin: NAME,
        })),
      },
    },
    { lineWidth: 120 },
  );
}
