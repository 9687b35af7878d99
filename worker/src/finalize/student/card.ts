import type { DistillationJob } from '@distillation/api/job';
import type { BlockPlan, Plan } from '@distillation/api/plan';
import type { Report } from '@distillation/api/report';
import { usefulControl } from '@distillation/api/report-words';
import manifest from '../../../package.json' with { type: 'json' };
import type { JsonObject } from '../../teacher/files/json.ts';
import type { OtherFormats, RefusedFormat, StudentFile } from './formats.ts';

interface Accuracy {
  readonly validation?: number;
  readonly test?: number;
}

/** Everything that made a student. It contains no dates or times, so that the same job gives the same bytes. */
export interface StudentCard {
  readonly version: 1;
  readonly job: string;
  readonly outcome: Report['outcome'];
  readonly input: {
    /** [height, width, channels] of one image. */
    readonly shape: Plan['teacher']['inputShape'];
    readonly preprocessing: DistillationJob['spec']['teacher']['preprocessing'];
  };
  readonly output: { readonly kind: Plan['teacher']['outputs']; readonly classes: readonly string[] };
  /** SHA-256 over model.json and the weight files, in this order. */
  readonly sha256: string;
  /** Files of the student in other formats; absent without any. */
  readonly files?: readonly StudentFile[];
  /** Formats in which this version of the worker cannot write it; absent without any. */
  readonly refused?: readonly (RefusedFormat & { readonly worker: string })[];
  /** Fractions between 0 and 1. `control`: the teacher fine-tuned as long; absent without one. */
  readonly accuracy: Record<'teacher' | 'assembled' | 'student', Accuracy> & { readonly control?: Accuracy };
  readonly size: Record<
    'teacher' | 'student',
    { readonly params: number; readonly macs: number; readonly bytes: number }
  >;
  readonly blocks: readonly {
    readonly layer: string;
    readonly architecture: string;
    /** Of a low-rank block. */
    readonly ratio?: string;
    readonly replaced: boolean;
    readonly reason: string;
    readonly weightsSha256?: string;
  }[];
  readonly fineTuning: { readonly keptEpoch?: number };
  /** The part of the job's spec that determines the result. */
  readonly recipe: Pick<
    DistillationJob['spec'],
    'teacher' | 'dataset' | 'blocks' | 'training' | 'selection' | 'fineTuning'
  > & { readonly sha256: string };
  readonly provenance: {
    readonly teacherSha256: string;
    readonly datasetSha256: string;
    readonly seed: number;
    readonly backends: Report['provenance']['backends'];
    readonly versions: Readonly<Record<string, string>>;
  };
}

interface CardInput {
  readonly job: DistillationJob;
  readonly plan: Plan;
  readonly report: Report;
  readonly classNames: readonly string[];
  readonly others: Pick<OtherFormats, 'listed' | 'refused'>;
}

export function studentCard({ job, plan, report, classNames, others }: CardInput): StudentCard {
  const { teacher, dataset, blocks, training, selection, fineTuning } = job.spec;
  const { provenance } = report;
  const control = usefulControl(report);
  const planned = new Map(plan.blocks.map((block) => [block.name, block]));
  return {
    version: 1,
    job: report.job,
    outcome: report.outcome,
    input: { shape: plan.teacher.inputShape, preprocessing: teacher.preprocessing },
    output: { kind: plan.teacher.outputs, classes: classNames },
    sha256: provenance.studentSha256,
    ...(others.listed.length > 0 && { files: others.listed }),
    ...(others.refused.length > 0 && {
      refused: others.refused.map((each) => ({ ...each, worker: manifest.version })),
    }),
    accuracy: {
      teacher: accuracies(report.teacher),
      ...(control !== undefined && { control: accuracies(control) }),
      assembled: accuracies(report.assembled),
      student: accuracies(report.student),
    },
    size: { teacher: sizes(report.teacher), student: sizes(report.student) },
    blocks: report.blocks.map((block) => ({
      layer: planned.get(block.name)?.layer.name ?? block.name,
      ...candidateIn(planned.get(block.name)),
      replaced: block.selected,
      reason: block.reason,
      ...(block.weightsSha256 !== undefined && { weightsSha256: block.weightsSha256 }),
    })),
    fineTuning: report.fineTuning.keptEpoch === undefined ? {} : { keptEpoch: report.fineTuning.keptEpoch },
    recipe: { teacher, dataset, blocks, training, selection, fineTuning, sha256: provenance.recipe },
    provenance: {
      teacherSha256: provenance.teacherSha256,
      datasetSha256: provenance.datasetSha256,
      seed: provenance.seed,
      backends: provenance.backends,
      versions: provenance.versions,
    },
  };
}

function candidateIn(block: BlockPlan | undefined): { architecture: string; ratio?: string } {
  return { architecture: block?.architecture ?? '', ...(block?.ratio !== undefined && { ratio: block.ratio }) };
}

type Described = Pick<CardInput, 'job' | 'plan' | 'classNames'>;

/**
 * What travels inside the LayersModel: how to use it, without figures and dates, and without hashes of teacher and data, which other versions
 * of the planner may take otherwise: the same work is to end in the same bytes.
 */
export function studentDescription({ job, plan, classNames }: Described) {
  return {
    classes: [...classNames],
    preprocessing: { ...job.spec.teacher.preprocessing },
    outputs: plan.teacher.outputs,
    provenance: { generatedBy: 'distillation-operator', seed: job.spec.training.seed },
  } satisfies JsonObject;
}

/**
 * What travels inside a file in another format: that, which student it is and what it comes from.
 * @param studentSha256 of the LayersModel
 */
export function fileDescription(described: Described, studentSha256: string): JsonObject {
  const { provenance, ...description } = studentDescription(described);
  const { teacher, dataset } = described.plan;
  const hashes = { studentSha256, teacherSha256: teacher.sha256, datasetSha256: dataset.sha256 };
  return { job: described.job.metadata.name, ...description, provenance: { ...provenance, ...hashes } };
}

type Accuracies = Report['assembled'];

function accuracies({ validationAccuracy, testAccuracy }: Accuracies): Accuracy {
  return {
    ...(validationAccuracy !== undefined && { validation: validationAccuracy }),
    ...(testAccuracy !== undefined && { test: testAccuracy }),
  };
}

function sizes({ params, macs, bytes }: Report['student']): StudentCard['size']['student'] {
  return { params, macs, bytes };
}
