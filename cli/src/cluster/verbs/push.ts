import { basename, resolve } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { bytes, plural } from '@distillation/api/format';
import type { DistillationJob } from '@distillation/api/job';
import { readManifest } from '../../commands/manifest.ts';
import type { ClusterAccess } from '../access.ts';
import { listFiles, type Source, sourcesOf } from '../files/local-files.ts';
import type { FilesOptions } from '../files/options.ts';
import { mountsOf, type Mounts } from '../files/pod.ts';
import { pushFiles, type Pushed } from '../files/push.ts';
import { findSettings } from '../files/settings.ts';
import { throughPod } from '../files/through-pod.ts';
import { manifestNamespace } from '../manifest-namespace.ts';

export interface PushOptions extends FilesOptions {
  readonly filename?: string;
  readonly from?: string;
  readonly claim?: string;
  readonly to?: string;
}

/** `push`: teacher and data of a manifest, or any files, onto claims. */
export async function pushToCluster(local: readonly string[], options: PushOptions): Promise<void> {
  const { what, sources, mounts, job } = await wanted(local, options);
  // Before anything is asked of the cluster: what is not here cannot be copied.
  const files = await listFiles(sources);
  const coming = sources.map(({ to }) => to);
  const pushed = await throughPod(
    options,
    async (access) => {
      const place = job === undefined ? access : placeOfJob(job, access, options);
      const settings = await findSettings(place, {
        image: options.image,
        ...(job && { job: { name: job.metadata.name, template: job.spec.cluster.workerTemplate } }),
      });
      return { place, about: { files, coming }, pod: { settings, mounts, readOnly: false } };
    },
    (open, about, display) => pushFiles(open, about, display.show),
  );
  process.stdout.write(`${summary(pushed, what)}\n`);
}

const placeOfJob = (job: DistillationJob, access: ClusterAccess, options: PushOptions): ClusterAccess => ({
  ...access,
  namespace: manifestNamespace(job, { access, options, filename: options.filename ?? '' }),
});

interface Wanted {
  /** What is copied, in words. */
  readonly what: string;
  readonly sources: readonly Source[];
  readonly mounts: Mounts;
  readonly job?: DistillationJob;
}

async function wanted(local: readonly string[], { filename, from, claim, to }: PushOptions): Promise<Wanted> {
  if (filename !== undefined && claim === undefined && local.length === 0 && to === undefined) {
    const job = await readManifest(filename, 'Cluster');
    const sources = sourcesOf(job.spec, resolve(from ?? '.'));
    return { what: `Teacher and data of ${job.metadata.name}`, sources, mounts: mountsOf(job.spec.cluster), job };
  }
  if (filename === undefined && claim !== undefined && local.length > 0 && from === undefined) {
    const folder = (to ?? '').split('/').filter((part) => part !== '' && part !== '.');
    const sources = local.map((path) => ({
      from: resolve(path),
      to: ['work', ...folder, basename(resolve(path))].join('/'),
    }));
    return {
      what: `${plural(local.length, 'argument')} for ${claim}`,
      sources,
      mounts: { work: { claimName: claim } },
    };
  }
  throw new DistillError('DISTILL_E_USAGE', '`push` takes -f with --from, or --claim with the files to copy.', {
    subject: 'push',
  });
}

export const summary = ({ files, bytes: size, there }: Pushed, what: string): string =>
  `${what}: ${plural(files, 'file')}, ${bytes(size)}, checked by hash` +
  `${there === 0 ? '' : there === files ? '; all were there already' : `; ${there} of them were there already`}.`;
