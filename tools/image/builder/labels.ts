import { execFileSync } from 'node:child_process';

/** What an image is made from: known to who builds it, and not to a Dockerfile. */
export interface Origin {
  /** Seconds since 1970 that stand for "when" in all that is built: https://reproducible-builds.org/specs/source-date-epoch/ */
  readonly epoch: number;
  /** Of the commit; absent where there is no repository. */
  readonly revision?: string;
  /** Where the sources are; absent where nobody said it. */
  readonly source?: string;
}

const LABEL = 'org.opencontainers.image';

/** The labels that a Dockerfile writes itself, by the image specification of the Open Container Initiative. */
export const DOCKERFILE_LABELS: readonly string[] = ['title', 'description', 'version', 'licenses'].map(
  (key) => `${LABEL}.${key}`,
);

/** The labels that a build adds. No clock is read: `created` is the origin's time. */
export function buildLabels({ epoch, revision, source }: Origin): Record<string, string> {
  return {
    [`${LABEL}.created`]: new Date(epoch * 1000).toISOString().replace('.000Z', 'Z'),
    ...(revision === undefined ? {} : { [`${LABEL}.revision`]: revision }),
    ...(source === undefined ? {} : { [`${LABEL}.source`]: source }),
  };
}

/**
 * The origin of a working tree: the commit and its time, which `SOURCE_DATE_EPOCH` overrides. A tree with changes has no revision.
 * @throws Error when `SOURCE_DATE_EPOCH` is no number of seconds
 */
export function originOf(root: string, source: string | undefined, env: NodeJS.ProcessEnv = process.env): Origin {
  const git = (...args: string[]): string | undefined => {
    try {
      return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return undefined;
    }
  };
  const said = env['SOURCE_DATE_EPOCH'] ?? git('log', '-1', '--format=%ct') ?? '0';
  if (!/^\d+$/.test(said)) throw new Error(`SOURCE_DATE_EPOCH is ${said}, not a number of seconds since 1970.`);
  const revision = git('status', '--porcelain') === '' ? git('rev-parse', 'HEAD') : undefined;
  return {
    epoch: Number(said),
    ...(revision === undefined ? {} : { revision }),
    ...(source === undefined ? {} : { source }),
  };
}
