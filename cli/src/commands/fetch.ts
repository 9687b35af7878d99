import { resolve } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { bytes, plural } from '@distillation/api/format';
import { Command, Option } from 'commander';
import type { ClusterAccess } from '../cluster/access.ts';
import { fetchResults, type Results } from '../cluster/files/fetch.ts';
import type { FilesPodOptions } from '../cluster/files/files-pod.ts';
import { mountsOf } from '../cluster/files/pod.ts';
import { findSettings } from '../cluster/files/settings.ts';
import { getJob, type JobObject } from '../cluster/jobs.ts';
import { clusterOptions } from '../cluster/options.ts';
import { endTable } from '../present/end-table.ts';
import { copyFiles, filesOptions, type FilesOptions } from './files-options.ts';
import { withOptions } from './manifest.ts';

interface FetchOptions extends FilesOptions {
  readonly to?: string;
}

export function fetchCommand(): Command {
  const command = new Command('fetch')
    .summary('bring student and report of a finished job to this machine')
    .description(
      'Copies the student and the report of a job that has succeeded to a folder, through a pod that is made for it and deleted, and ' +
        'checks the student by the hash in status and report before anything takes its place.',
    )
    .argument('<name>', 'name of the job')
    .addOption(new Option('--to <folder>', 'folder for student and report; by default one of the job’s name, here'));
  return withOptions(command, [...filesOptions(), ...clusterOptions()])
    .addHelpText(
      'after',
      `
Examples:
  kubectl distill fetch cifar10-vgg16
  kubectl distill fetch cifar10-vgg16 --to results/today -n team-a`,
    )
    .action(fetch);
}

async function fetch(name: string, options: FetchOptions): Promise<void> {
  const to = options.to ?? name;
  const fetched = await copyFiles(
    options,
    async (access) => {
      const job = await getJob(access, name);
      return { about: resultsOf(job), pod: await resultsPod(access, job, options.image) };
    },
    (open, results, display) => fetchResults(open, { results, to: resolve(to) }, display.show),
  );
  process.stdout.write(`${endTable(fetched.report, to)}\n\n`);
  process.stdout.write(`${plural(fetched.files, 'file')}, ${bytes(fetched.bytes)}, checked by hash.\n`);
}

/** The pod that reads a job's volume. */
export async function resultsPod(
  access: ClusterAccess,
  job: JobObject,
  image: string | undefined,
): Promise<Pick<FilesPodOptions, 'settings' | 'mounts' | 'readOnly'>> {
  const { workerTemplate: template, volume } = job.spec.cluster;
  return {
    settings: await findSettings(access, { image, job: { name: job.metadata.name, template } }),
    mounts: mountsOf(volume === undefined ? {} : { volume }),
    readOnly: true,
  };
}

/** Where the results of a job lie. @throws DistillError DISTILL_E_NO_RESULT */
export function resultsOf({ metadata, status, spec }: JobObject): Results {
  const result = status?.result;
  if (result !== undefined) {
    return {
      job: metadata.name,
      folder: `work/${spec.outputs.path}`,
      studentSha256: result.studentSha256,
    };
  }
  const said = status?.conditions?.find(({ type }) => type === 'Succeeded');
  const state = said === undefined ? 'has not begun' : `is ${said.reason}`;
  throw new DistillError('DISTILL_E_NO_RESULT', `The job ${metadata.name} ${state}: it has no student.`, {
    subject: metadata.name,
  });
}
