import type { io, LayersModel, Tensor } from '@tensorflow/tfjs';
import { DistillError, internalError, toDistillError } from '@distillation/api/errors';
import type { PreprocessingSpec } from '@distillation/api/job';
import type { Report } from '@distillation/api/report';
import type { StudentFormat } from '@distillation/api/words';
import type { Tf } from '../../backend/tf.ts';
import { sha256 } from '@distillation/ledger/envelope';
import { channelTables, pixelsOf } from '../../data/preprocess.ts';
import type { JsonObject } from '../../teacher/files/json.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import type { TeacherOutputs } from '../../teacher/graph/output.ts';
import { networkOfKeras } from '../../teacher/load.ts';
import { imageTensor, inputShape, type LabelledBatch } from '../measuring/batches.ts';
import { openOnnxRuntime, openSession } from '../../onnx/runtime.ts';
import type { ModelFiles } from './export.ts';
import { onnxFile } from './onnx-file.ts';

/** The formats of a student besides the LayersModel that is always written, each in one file; and what is read from each, and from that, beside the student. */

export type OtherFormat = Exclude<StudentFormat, 'TfjsLayers'>;

/** A file of the student, as the card lists it. */
export interface StudentFile {
  readonly format: OtherFormat;
  readonly file: string;
  /** Present where the file has the preprocessing inside and takes 8-bit pixels. */
  readonly input?: 'Pixels';
  readonly sha256: string;
  readonly bytes: number;
}

/** A format in which the student could not be written, as the card lists it. */
export interface RefusedFormat {
  readonly format: OtherFormat;
  /** As in `StudentFile`. */
  readonly input?: 'Pixels';
  readonly code: string;
}

export interface OtherFormats {
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly listed: readonly StudentFile[];
  readonly refused: readonly RefusedFormat[];
  /** One for each format that could not be written. */
  readonly warnings: NonNullable<Report['warnings']>;
}

interface Exported {
  readonly student: Network;
  readonly outputs: TeacherOutputs;
  /** What is told of the student beside its layers; it travels in each file. */
  readonly description: JsonObject;
  /** With which the job prepares pixels, where the .onnx file is to do it. */
  readonly preprocessing?: PreprocessingSpec | undefined;
  /** With which each file is compared with the student; undefined for a data set without any. */
  readonly batch: LabelledBatch | undefined;
}

/** The student, and the images for which a file is compared with it. */
interface Compared {
  readonly student: Network;
  readonly batch: LabelledBatch;
  readonly preprocessing?: PreprocessingSpec | undefined;
}

/** How a format is written, and read again. */
interface Format {
  readonly file: string;
  readonly write: (exported: Exported) => Promise<Uint8Array>;
  /** Outputs of the file's network for the batch. */
  readonly outputs: (tf: Tf, content: Uint8Array, compared: Compared) => Promise<Float32Array>;
}

/** In the order in which a card lists them, whatever order they were asked for in. */
const FORMATS: Readonly<Record<OtherFormat, Format>> = {
  Onnx: {
    file: 'student.onnx',
    write: ({ student, outputs, description, preprocessing }) => {
      if (preprocessing === undefined) return Promise.resolve(onnxFile(student, { outputs, description }));
      // The file prepares the pixels itself.
      const about = { ...description, preprocessing: { mode: 'None' }, input: 'Pixels' };
      return Promise.resolve(onnxFile(student, { outputs, description: about, preprocessing }));
    },
    outputs: async (_tf, content, { batch, student, preprocessing }) => {
      const { runtime, missing } = await openOnnxRuntime();
      if (runtime === undefined) throw new DistillError('DISTILL_E_EXPORT_UNCHECKED', `${missing}.`);
      try {
        const session = await openSession(runtime, content, { threads: 1 });
        const sample = inputShape(student.model);
        const images =
          preprocessing === undefined
            ? batch.images
            : pixelsOf(batch.images, channelTables(preprocessing, sample.at(-1) ?? 1));
        try {
          return await session.run(images, [batch.labels.length, ...sample]);
        } finally {
          await session.close();
        }
      } catch (cause) {
        // ONNX Runtime throws plain errors, for a file that it refuses and for one that it cannot run.
        const message = `ONNX Runtime does not run student.onnx: ${toDistillError(cause).message}`;
        throw new DistillError('DISTILL_E_EXPORT_CHECK', message, { cause });
      }
    },
  },
  Keras: {
    file: 'student.keras',
    write: async ({ student, outputs, description }) => {
      // Loads the library of HDF5.
      const { kerasFile } = await import('./keras/file.ts');
      return kerasFile(student, { outputs, description });
    },
    outputs: async (tf, content, { batch }) => {
      const { model } = await networkOfKeras(tf, Buffer.from(content));
      try {
        return outputsOf(tf, model, batch);
      } finally {
        model.dispose();
      }
    },
  },
};

/** What is wrong with one format alone. */
const OF_ONE_FORMAT: ReadonlySet<string> = new Set([
  'DISTILL_E_EXPORT_LAYER',
  'DISTILL_E_EXPORT_SIZE',
  'DISTILL_E_EXPORT_CHECK',
]);

/** Whether a warning of the report is about a format. */
export const isOfFormat = ({ code }: NonNullable<Report['warnings']>[number]): boolean =>
  OF_ONE_FORMAT.has(code) || code === 'DISTILL_E_EXPORT_UNCHECKED';

/**
 * Writes the student in each of the formats and compares what is read from it with the student. A format that cannot be written costs
 * a warning, and the others are written.
 */
export async function otherFormats(
  tf: Tf,
  formats: readonly StudentFormat[],
  exported: Exported,
): Promise<OtherFormats> {
  const files = new Map<string, Uint8Array>();
  const listed: StudentFile[] = [];
  const refused: RefusedFormat[] = [];
  const warnings: { code: string; message: string }[] = [];
  for (const [format, { file, write, outputs }] of Object.entries(FORMATS) as [OtherFormat, Format][]) {
    if (!formats.includes(format)) continue;
    const input = format === 'Onnx' && exported.preprocessing !== undefined ? ({ input: 'Pixels' } as const) : {};
    try {
      const content = await write(exported);
      const { student, batch, preprocessing } = exported;
      if (batch !== undefined) {
        const values = outputsOf(tf, student.model, batch);
        const found = await outputs(tf, content, { student, batch, preprocessing }).catch((error: unknown) => {
          if (!(error instanceof DistillError && error.code === 'DISTILL_E_EXPORT_UNCHECKED')) throw error;
          warnings.push({
            code: error.code,
            message: `${file} was written and not compared with the student. ${error.message}`,
          });
        });
        if (found !== undefined) checkOutputs(file, found, { values, outputs: exported.outputs });
      }
      files.set(file, content);
      listed.push({ format, file, ...input, sha256: sha256(content), bytes: content.length });
    } catch (error) {
      if (!(error instanceof DistillError && OF_ONE_FORMAT.has(error.code))) throw error;
      warnings.push({ code: error.code, message: `The student was not written as ${format}. ${error.message}` });
      refused.push({ format, ...input, code: error.code });
    }
  }
  return { files, listed, refused, warnings };
}

/**
 * Reads the LayersModel as users do, by TensorFlow.js from its files alone, and compares it with the student. It is the student of the job, so
 * that one which differs is none.
 * @throws DISTILL_E_INTERNAL when it differs or cannot be read
 */
export async function checkLayersModel(
  tf: Tf,
  { files }: ModelFiles,
  { student, outputs, batch }: Pick<Exported, 'student' | 'outputs'> & { readonly batch: LabelledBatch },
): Promise<void> {
  try {
    const model = await tf.loadLayersModel(tf.io.fromMemory(artifactsOf(files)));
    try {
      const values = outputsOf(tf, student.model, batch);
      checkOutputs('model.json', outputsOf(tf, model, batch), { values, outputs });
    } finally {
      model.dispose();
    }
  } catch (cause) {
    throw internalError(`The student cannot be written as a LayersModel. ${toDistillError(cause).message}`, { cause });
  }
}

/** What TensorFlow.js makes of the files that it finds. */
function artifactsOf(files: ModelFiles['files']): io.ModelArtifacts {
  const [json = new Uint8Array(), ...weights] = files.values();
  const { modelTopology, weightsManifest } = JSON.parse(Buffer.from(json).toString()) as io.ModelJSON;
  const bytes = Buffer.concat(weights);
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  };
}

/**
 * Largest difference, as a part of the largest logit, and of probabilities as it is: what is left to libraries that add up in another
 * order, which is up to 1e-4 in deep networks. A wrong operation or weight makes a multiple of it.
 */
const TOLERANCE = 1e-3;

/** @throws DISTILL_E_EXPORT_CHECK when outputs differ by more than rounding, or are not numbers. */
export function checkOutputs(
  file: string,
  found: Float32Array,
  { values: expected, outputs }: { readonly values: Float32Array; readonly outputs: TeacherOutputs },
): void {
  const unit = outputs === 'Probabilities' ? 1 : Number.MIN_VALUE;
  const limit = TOLERANCE * expected.reduce((most, value) => Math.max(most, Math.abs(value)), unit);
  const distances = Array.from(expected, (value, i) => distance(value, found[i]));
  const worst = distances.reduce((most, value, i) => (value > (distances[most] ?? 0) ? i : most), 0);
  if (found.length === expected.length && (distances[worst] ?? 0) <= limit) return;
  throw new DistillError(
    'DISTILL_E_EXPORT_CHECK',
    `What is read from ${file} gives ${found[worst]} for output ${worst} where the student gives ${expected[worst]}.`,
    { subject: file },
  );
}

/** What is not a number is far from everything. */
function distance(a: number, b = NaN): number {
  const found = Math.abs(a - b);
  return Number.isNaN(found) ? Infinity : found;
}

function outputsOf(tf: Tf, model: LayersModel, batch: LabelledBatch): Float32Array {
  return tf.tidy(() => {
    const output = model.apply(imageTensor(tf, model, batch), { training: false }) as Tensor;
    return output.dataSync<'float32'>().slice();
  });
}
