import { Command } from 'commander';
import { dump } from 'js-yaml';
import { filenameOption, readManifest } from './manifest.ts';

export function validateCommand(): Command {
  return new Command('validate')
    .summary('check a manifest, without a volume')
    .description(
      'Checks a manifest as `run` and the API server do: every field, every rule between fields. All problems are listed at once, ' +
        'each with its path, the value found and what to write instead.',
    )
    .addOption(filenameOption())
    .option('--cluster', 'as the API server of a cluster does, which also asks for spec.cluster.volume')
    .option('--defaults', 'print the manifest with every default filled in')
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill validate -f job.yaml
  kubectl-distill validate -f job.yaml --cluster
  kubectl-distill validate -f job.yaml --defaults > job.full.yaml`,
    )
    .action(validate);
}

interface ValidateOptions {
  readonly filename: string;
  readonly cluster?: boolean;
  readonly defaults?: boolean;
}

async function validate({ filename, cluster, defaults }: ValidateOptions): Promise<void> {
  const job = await readManifest(filename, cluster === true ? 'Cluster' : 'Local');
  process.stdout.write(defaults === true ? dump(job, { lineWidth: 120 }) : `${filename}: ok\n`);
}
