import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAYOUT } from '@distillation/api/layout';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { type Ended, type Program, startCommand, startPlanner, startRun, writeManifest } from './cli.ts';
import { blocksBy, jobOf, type Made, madeBy } from './local-job.ts';
import { REFERENCE, tinyJob } from './tiny-world.ts';
import { until } from '../../tools/kube-harness/access/until.ts';

/** Changes of the tiny job's spec, by section. */
export type Change = Readonly<Record<string, object>>;

interface Run {
  readonly change?: Change;
  /** More of the command line, such as `--bins 3`. */
  readonly args?: readonly string[];
  /** More of the environment, such as that of `heldSteps`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A tiny volume for the tests of a file, with data, teacher and the finished reference job: after each test what still runs of it is ended, and it goes with the last. */
export function tinyVolume(): TinyVolume {
  const volume = new TinyVolume();
  beforeAll(() => volume.make());
  afterEach(() => {
    volume.killPrograms();
  });
  afterAll(() => volume.remove());
  return volume;
}

/** A tiny world on disk, and the real command run on it. A job is named by its output folder. */
export class TinyVolume {
  #root: string | undefined;
  readonly #programs: Program[] = [];

  /** @param root a folder with data and teacher; without one they are made by `make` */
  constructor(root?: string) {
    this.#root = root;
  }

  get root(): string {
    if (this.#root === undefined) throw new Error('this volume is not made yet');
    return this.#root;
  }

  /** Makes a new temporary folder with data, teacher and the reference job. */
  async make(): Promise<void> {
    this.#root = await mkdtemp(join(tmpdir(), 'distill-faults-'));
    await cp(inject('tinyWorld'), this.#root, { recursive: true, preserveTimestamps: true });
  }

  /** A file of a job. */
  path(job: string, ...names: readonly string[]): string {
    return join(this.root, job, ...names);
  }

  /** Ends a program after the test in which it was started. */
  add(program: Program): Program {
    this.#programs.push(program);
    return program;
  }

  async begin(job: string, { change, ...run }: Run = {}): Promise<Program> {
    return this.add(startRun(this.root, await writeManifest(this.root, job, tinyJob(job, change)), run));
  }

  async run(job: string, run?: Run): Promise<Ended> {
    return (await this.begin(job, run)).ended;
  }

  /** Begins the job and kills it with all its processes, as soon as so many epochs are on record or a file of its folder is there. */
  async runUntilKilled(job: string, at: number | string, run?: Run): Promise<void> {
    const begun = await this.begin(job, run);
    if (typeof at === 'number') await this.untilOnRecord(job, at);
    else await until(at, async () => (await this.files(job)).includes(at));
    begun.killAll();
    await begun.ended;
  }

  /** Runs the job to its end. @throws Error when it does not come to a good one. */
  async finish(job: string, run?: Run): Promise<Ended> {
    const ended = await this.run(job, run);
    if (ended.code !== 0) throw new Error(`Job ${job} ended with ${ended.code}: ${ended.stderr}\n${ended.stdout}`);
    return ended;
  }

  /** The planner alone. */
  async plan(job: string, change: Change): Promise<Ended> {
    return this.add(startPlanner(this.root, await writeManifest(this.root, job, tinyJob(job, change)))).ended;
  }

  /** Another command of `kubectl-distill` on the job as it was last written. */
  command(name: string, job: string, ...args: readonly string[]): Promise<Ended> {
    const manifest = join(this.root, `${job}.json`);
    return this.add(startCommand(name, '--filename', manifest, '--volume', this.root, ...args)).ended;
  }

  made(job: string): Promise<Made> {
    return madeBy(this.root, jobOf(tinyJob(job)));
  }

  /** The blocks of a job that may have no student yet. */
  blocks(job: string): Promise<Made['blocks']> {
    return blocksBy(this.root, jobOf(tinyJob(job)));
  }

  /** Files of a job, by path within its folder. */
  async files(job: string, folder = ''): Promise<string[]> {
    const names = await readdir(this.path(job, folder), { recursive: true }).catch(() => []);
    return names.map((name) => join(folder, name)).sort();
  }

  /** How many (block, epoch) are on record. */
  async epochsOnRecord(job: string): Promise<number> {
    return (await this.files(job, LAYOUT.blocks)).filter((name) => name.endsWith('.json')).length;
  }

  untilOnRecord(job: string, epochs: number): Promise<true> {
    return until(`${epochs} epochs on record`, async () => (await this.epochsOnRecord(job)) >= epochs);
  }

  /** Hashes of what the reference job made: of every job that differs from it in nothing that changes bits. */
  reference(): Promise<Made> {
    return this.made(REFERENCE);
  }

  /** Copies the plan of the reference job under another name: what is left is for workers and the finalizer. */
  async copyPlanned(to: string): Promise<void> {
    await mkdir(this.path(to), { recursive: true });
    for (const name of [LAYOUT.plan, LAYOUT.recipe, LAYOUT.dataHashes]) {
      await cp(this.path(REFERENCE, name), this.path(to, name));
    }
  }

  /** Copies a finished job's training under another name: what is left is for the finalizer. */
  async copyTrained(from: string, to: string): Promise<void> {
    await this.copy(from, to);
    for (const name of ['finalize', LAYOUT.student, LAYOUT.reportJson, LAYOUT.reportHtml]) {
      await rm(this.path(to, name), { recursive: true });
    }
  }

  copy(from: string, to: string): Promise<void> {
    return cp(this.path(from), this.path(to), { recursive: true });
  }

  /** Ends whatever still runs; for after each test. */
  killPrograms(): void {
    for (const program of this.#programs.splice(0)) program.killAll();
  }

  remove(): Promise<void> {
    return this.#root === undefined ? Promise.resolve() : rm(this.#root, { recursive: true, force: true });
  }
}
