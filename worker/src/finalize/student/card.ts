import type { DistillationJob } from '@distillation/api/job';
import type { BlockPlan, Plan } from '@distillation/api/plan';
import type { Report } from '@distillation/api/report';
import { plural } from '@distillation/api/format';
import { listOf, object, type Of, optional, word } from '@distillation/api/shape';
import manifest from '../../../package.json' with { type: 'json' };
import type { JsonObject } from '../../teacher/files/json.ts';
import type { OtherFormat, OtherFormats, RefusedFormat, StudentFile } from './formats.ts';

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
  /** Fractions between 0 and 1. */
  readonly accuracy: Record<
    'teacher' | 'assembled' | 'student',
    { readonly validation?: number; readonly test?: number }
  >;
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

const cardFormats = object({
  files: optional(listOf(object({ format: word, file: word, input: optional(word), sha256: word }))),
  refused: optional(listOf(object({ format: word, input: optional(word), worker: word }))),
});

/** The files that a card lists, and the formats that this version cannot write; nothing for a card that is damaged. */
export function listedFormats(card: Uint8Array): Required<Of<typeof cardFormats>> {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(card));
    const { files = [], refused = [] } = cardFormats(content) ? content : {};
    return { files, refused: refused.filter(({ worker }) => worker === manifest.version) };
  } catch {
    return { files: [], refused: [] };
  }
}

interface Described {
  readonly job: DistillationJob;
  readonly plan: Plan;
  readonly classNames: readonly string[];
  /** Of the LayersModel. */
  readonly studentSha256: string;
}

/** What travels inside files of the student: how to use it and what it comes from, without figures and without dates. */
export function studentDescription({ job, plan, classNames, studentSha256 }: Described): JsonObject {
  return {
    job: job.metadata.name,
    classes: [...classNames],
    preprocessing: { ...job.spec.teacher.preprocessing },
    outputs: plan.teacher.outputs,
    provenance: {
      generatedBy: 'distillation-operator',
      studentSha256,
      teacherSha256: plan.teacher.sha256,
      datasetSha256: plan.dataset.sha256,
      seed: job.spec.training.seed,
    },
  };
}

type Accuracies = Report['assembled'];

function accuracies({ validationAccuracy, testAccuracy }: Accuracies): StudentCard['accuracy']['student'] {
  return {
    ...(validationAccuracy !== undefined && { validation: validationAccuracy }),
    ...(testAccuracy !== undefined && { test: testAccuracy }),
  };
}

function sizes({ params, macs, bytes }: Report['student']): StudentCard['size']['student'] {
  return { params, macs, bytes };
}

/** How a file of each format is loaded. */
const LOADING: Readonly<Record<OtherFormat, (file: StudentFile, shape: readonly number[]) => string>> = {
  Keras: ({ file }, shape) => `In Python, by Keras 3.4 or later on any of its backends:

\`\`\`python
import json, zipfile
import keras, numpy as np
student = keras.saving.load_model('student/${file}')
images = np.zeros((1, ${shape.join(', ')}), 'float32') # prepared pixels, see below
scores = np.asarray(student(images, training=False))
about = json.loads(zipfile.ZipFile('student/${file}').read('metadata.json')) # classes, preprocessing, origin
print(scores.argmax(-1)[0], about['classes'])
\`\`\`
`,
  Onnx: ({ file, input }, shape) => {
    const isPixels = input === 'Pixels';
    const size = shape.reduce((product, length) => product * length, 1);
    const [type, array] = isPixels ? (['uint8', 'Uint8Array'] as const) : (['float32', 'Float32Array'] as const);
    const what = isPixels ? '8-bit RGB pixels as they are' : 'prepared pixels, see below';
    return `By ONNX Runtime, in Python; in Java, C# and C++ it is the same:

\`\`\`python
import json
import numpy as np, onnxruntime
student = onnxruntime.InferenceSession('student/${file}')
images = np.zeros((1, ${shape.join(', ')}), '${type}') # ${what}; any number of images
(scores,) = student.run(None, {'images': images})
about = student.get_modelmeta().custom_metadata_map # classes, preprocessing, origin
print(scores.argmax(-1)[0], json.loads(about['classes']))
\`\`\`

and in Node, by the package \`onnxruntime-node\`:

\`\`\`js
import ort from 'onnxruntime-node';
const student = await ort.InferenceSession.create('student/${file}');
const shape = [1, ${shape.join(', ')}];
const images = new ort.Tensor('${type}', new ${array}(${size}), shape); // ${what}
const [scores] = Object.values(await student.run({ images }));
console.log(scores.data.indexOf(Math.max(...scores.data)));
\`\`\`
`;
  },
};

/** Which of the files take pixels as they are. */
const itself = ({ files = [] }: StudentCard): string => {
  const found = files.filter(({ input }) => input === 'Pixels').map(({ file }) => `\`${file}\``);
  return found.length === 0 ? '' : `, which ${found.join(', ')} does itself`;
};

/** The model card for people: what the student is, how good it is, how to load it. */
export function studentReadme(card: StudentCard): string {
  const { accuracy, size, input, output } = card;
  const percent = (fraction?: number): string => (fraction === undefined ? '-' : `${(100 * fraction).toFixed(2)} %`);
  const times = (before: number, after: number): string => `${(before / after).toFixed(2)}x`;
  const replaced = card.blocks.filter((block) => block.replaced).map(({ layer }) => layer);
  const { mode, scale, mean, std } = input.preprocessing;
  const numbers = [scale && `scale ${scale}`, mean && `mean ${mean.join(', ')}`, std && `std ${std.join(', ')}`];
  const pixels = [mode, ...numbers.filter((text) => text !== undefined && text !== '')].join('; ');
  return `# ${card.job}

${replaced.length === 0 ? (card.outcome === 'NoBlockTrained' ? 'The teacher itself: every block failed to train.' : 'The teacher itself: no block was good enough to replace a layer.') : `A student of ${replaced.length} replaced layers: ${replaced.join(', ')}.`}

| | teacher | student | |
|---|---|---|---|
| test accuracy | ${percent(accuracy.teacher.test)} | ${percent(accuracy.student.test)} | |
| validation accuracy | ${percent(accuracy.teacher.validation)} | ${percent(accuracy.student.validation)} | |
| parameters | ${size.teacher.params} | ${size.student.params} | ${times(size.teacher.params, size.student.params)} |
| multiply-accumulates an image | ${size.teacher.macs} | ${size.student.macs} | ${times(size.teacher.macs, size.student.macs)} |
| bytes on disk | ${size.teacher.bytes} | ${size.student.bytes} | ${times(size.teacher.bytes, size.student.bytes)} |

## Load it

\`\`\`js
import * as tf from '@tensorflow/tfjs-node';
const student = await tf.loadLayersModel('file://student/model.json');
const images = tf.zeros([1, ${input.shape.join(', ')}]); // prepared pixels, see below
const scores = student.predict(images);
const best = scores.argMax(-1).dataSync()[0];
console.log(best);
\`\`\`

${(card.files ?? []).map((file) => `${LOADING[file.format](file, input.shape)}\n`).join('')}Input: [batch, ${input.shape.join(', ')}], 8-bit RGB pixels prepared by \`${pixels}\`${itself(card)}. Output: ${output.kind === 'Logits' ? 'logits' : 'probabilities'} of ${output.classes.length === 0 ? 'the classes' : plural(output.classes.length, 'class', 'classes')}${output.classes.length > 0 && output.classes.length <= 20 ? ` (${output.classes.join(', ')})` : ''}.
Everything that made it is in \`card.json\`.
`;
}
