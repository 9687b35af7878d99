import { basename, resolve } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { bytes, plural } from '@distillation/api/format';
import type { DistillationJob } from '@distillation/api/job';
import { Command, Option } from 'commander';
import { listFiles, type Source, sourcesOf } from '../cluster/files/local-files.ts';
import { mountsOf, type Mounts } from '../cluster/files/pod.ts';
import { pushFiles, type Pushed } from '../cluster/files/push.ts';
import { findSettings } from '../cluster/files/settings.ts';
import { clusterOptions } from '../cluster/options.ts';
import { copyFiles, filesOptions, type FilesOptions } from './files-options.ts';
import { readManifest, withOptions } from './manifest.ts';

interface PushOptions extends FilesOptions {
  readonly filename?: string;
  readonly from?: string;
  readonly claim?: string;
  readonly to?: string;
}

export function pushCommand(): Command {
  const command = new Command('push')
    .summary('copy teacher and data onto the volume of a job')
    .description(
      'Copies the teacher and the data of a manifest onto the claims that it names, or any files onto one claim, through a pod that is ' +
        'made for it and deleted. What is there already with the right size and hash is not sent again, so the same command goes on ' +
        'after an interruption; at the end all is compared by hash. Links are followed.',
    )
    .argument('[local...]', 'with --claim: files and folders to copy')
    .addOption(new Option('-f, --filename <file>', 'manifest of the job (YAML or JSON)'))
    .addOption(
      new Option('--from <folder>', 'with -f: folder in which the manifest’s paths begin; by default the current one'),
    )
    .addOption(new Option('--claim <name>', 'persistent volume claim to copy files to, without a manifest'))
    .addOption(new Option('--to <folder>', 'with --claim: folder on it; by default its root'));
  return withOptions(command, [...filesOptions(), ...clusterOptions()])
    .addHelpText(
      'after',
      `
Examples:
  kubectl distill push -f job.yaml --from /data
  kubectl distill push --claim distillation teachers datasets
  kubectl distill push --claim distillation vgg16.keras --to teachers -n team-a`,
    )
    .action(push);
}

async function push(local: readonly string[], options: PushOptions): Promise<void> {
  const { what, sources, mounts, job } = await wanted(local, options);
  // Before anything is asked of the cluster: what is not here cannot be copied.
  const files = await listFiles(sources);
  const coming = sources.map(({ to }) => to);
  const inNamespace = { ...options, ...namespaceOf(options, job) };
  const pushed = await copyFiles(
    inNamespace,
    async (access) => {
      const settings = await findSettings(access, {
        image: options.image,
        ...(job && { job: { name: job.metadata.name, template: job.spec.cluster.workerTemplate } }),
      });
      return { about: { files, coming }, pod: { settings, mounts, readOnly: false } };
    },
    (open, about, display) => pushFiles(open, about, display.show),
  );
  process.stdout.write(`${summary(pushed, what)}\n`);
}

/** As kubectl has it: the flag, else what the manifest says, else the context. */
const namespaceOf = (options: PushOptions, job: DistillationJob | undefined): { namespace?: string } => {
  const namespace = options.namespace ?? job?.metadata.namespace;
  return namespace === undefined ? {} : { namespace };
};

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
