import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { internalError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { readReport } from '@distillation/api/report';
import { runCommand } from '@distillation/native-addon/command';
import { fetchCifar10 } from '../../tools/sample-data/fetch.ts';
import { pythonPackages } from '../../tools/python-packages.ts';
import { jobOf, lowRank, PAPERS_BLOCK, RESNET, SAMPLES, type Variant, VGG } from '../students/rows.ts';
import { layOut, processor } from '../students/volume.ts';
import { KERAS_JSON, type KerasRun, readKerasRuns, writeRuns } from '../results.ts';

/**
 * `npm run bench -- keras [--network NAME] [--rounds N] [--images N]`: what the work of one epoch of all blocks takes here and in Keras, the whole
 * process from its start to its end. Ours checks, plans, measures each block and the assembled student on the validation images, and both on the test
 * images, and writes student and report; Keras trains, and measures each block. The ways take turns. Written to docs/benchmarks/keras.json.
 */

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'VGG16' },
    rounds: { type: 'string', default: '1' },
    images: { type: 'string', default: '45000' },
  },
  args: process.argv.slice(2),
});
const images = Number(values.images);

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const CLI = here('../../dist/cli.mjs');
const HOUR_MS = 3_600_000;

interface Taken {
  readonly seconds: number;
  readonly trainingSeconds: number;
  readonly steps: number;
}

interface Network {
  readonly sample: string;
  readonly teacher: string;
  /** Layers that are not replaced. */
  readonly exclude: readonly string[];
}

const NETWORKS: ReadonlyMap<string, Network> = new Map([
  ['VGG16', { sample: VGG, teacher: 'vgg16-quarter-cifar10', exclude: [] }],
  ['ResNet-20', { sample: RESNET, teacher: 'resnet20-cifar10', exclude: ['stem'] }],
]);
const network = NETWORKS.get(values.network);
if (network === undefined)
  throw internalError(`There is no network ${values.network}; there are ${[...NETWORKS.keys()].join(', ')}.`);
const { sample, teacher, exclude } = network;

/** As the paper trains it, for one epoch. */
const PAPER: Variant['changes'] = {
  ...PAPERS_BLOCK,
  training: {
    epochs: 1,
    optimizer: {
      type: 'RMSprop',
      learningRate: '0.002',
      schedule: { type: 'Exponential', decayRate: '0.96', decaySteps: 3000 },
    },
  },
};

/** The cores that a way may use, as taskset takes them. */
const [ONE, TWO] = ['0', '0,1'];

async function ours(changes: Variant['changes'], bins: number): Promise<Taken> {
  const job = await jobOf(
    {
      sample,
      changes: {
        ...changes,
        blocks: { ...changes['blocks'], exclude },
        dataset: { limits: { train: images } },
        scheduling: { bins },
        fineTuning: { epochs: 0, cpuThreads: bins },
        outputs: { formats: ['TfjsLayers'] },
      },
    },
    7,
  );
  const folder = join(volume, job.spec.outputs.path);
  // Whatever an earlier round left would be taken as done.
  await rm(folder, { recursive: true, force: true });
  const manifest = join(volume, 'against-keras.json');
  await writeFile(manifest, JSON.stringify(job));
  const began = performance.now();
  const run = [process.execPath, CLI, 'run', '--local', '-f', manifest, '--volume', volume];
  await runCommand('taskset', ['-c', bins === 1 ? ONE : TWO, ...run], { timeoutMs: HOUR_MS });
  const seconds = (performance.now() - began) / 1000;
  return {
    seconds,
    trainingSeconds: await trainingSeconds(folder),
    steps: Math.floor(images / job.spec.dataset.batchSize),
  };
}

async function trainingSeconds(folder: string): Promise<number> {
  const read = readReport(JSON.parse(await readFile(join(folder, LAYOUT.reportJson), 'utf8')));
  const seconds = read.as === 'Value' ? read.value.time.trainingSeconds : undefined;
  if (seconds === undefined) throw internalError(`The job in ${folder} has no report of its training.`);
  return seconds;
}

async function keras(how: 'one-by-one' | 'fused'): Promise<Taken> {
  const model = join(SAMPLES, 'teachers', teacher, 'model.json');
  const args = ['--teacher', model, '--data', data, '--images', String(images), '--how', how, '--exclude', ...exclude];
  const output = await runCommand('taskset', ['-c', ONE, 'python3', here('distill.py'), ...args], {
    env: { PYTHONPATH: packages },
    timeoutMs: HOUR_MS,
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Taken;
}

const WAYS: ReadonlyMap<string, () => Promise<Taken>> = new Map([
  ['Keras, one by one, one core', () => keras('one-by-one')],
  ['Keras, fused, one core', () => keras('fused')],
  ['the paper’s block, one bin, one core', () => ours(PAPER, 1)],
  ['the paper’s block, two bins, two cores', () => ours(PAPER, 2)],
  ['low-rank blocks, one bin, one core', () => ours(lowRank('0.375'), 1)],
  ['low-rank blocks, two bins, two cores', () => ours(lowRank('0.375'), 2)],
]);

// Nothing of what is downloaded once belongs to a time.
const packages = await pythonPackages('bench-keras', here('requirements.txt'));
const data = await fetchCifar10();
const volume = await layOut();
/** Of this call. They replace what earlier calls measured on such a processor, which is of another version. */
const fresh: KerasRun[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [way, run] of WAYS) {
    const taken = await run();
    console.log(`${way}: ${taken.seconds.toFixed(1)} s, ${taken.trainingSeconds.toFixed(1)} s of it training`);
    fresh.push({
      network: values.network,
      way,
      images,
      ...taken,
      processor: processor(),
      finishedAt: new Date().toISOString(),
    });
    const others = (await readKerasRuns()).filter(
      (run) =>
        !fresh.some(
          ({ network, way, processor }) => network === run.network && way === run.way && processor === run.processor,
        ),
    );
    await writeRuns(KERAS_JSON, [...others, ...fresh]);
  }
}
