import { DistillError } from '@distillation/api/errors';
import { bytes } from '@distillation/api/format';
import type { PreprocessingSpec } from '@distillation/api/job';
import manifest from '../../../package.json' with { type: 'json' };
import { onnxModel } from '../../onnx/model.ts';
import type { JsonObject } from '../../teacher/files/json.ts';
import { modelCosts } from '../../teacher/graph/costs.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import type { TeacherOutputs } from '../../teacher/graph/output.ts';

/** A protobuf message has at most 2 GiB; this leaves room for everything but the weights. */
const MOST_WEIGHT_BYTES = 2 ** 31 - 2 ** 26;

/** Name of the network's output in its .onnx file. */
const onnxOutput = (outputs: TeacherOutputs): string => outputs.toLowerCase();

interface OnnxFileOptions {
  readonly outputs: TeacherOutputs;
  readonly description: JsonObject;
  /** Becomes part of the network, which then takes 8-bit pixels. */
  readonly preprocessing?: PreprocessingSpec;
}

/**
 * A network as the bytes of a .onnx file, with what is told of it as metadata: texts as they are, the rest as JSON.
 * @throws DISTILL_E_EXPORT_LAYER naming a layer that ONNX cannot express, DISTILL_E_EXPORT_SIZE
 */
export function onnxFile(network: Network, { outputs, description, preprocessing }: OnnxFileOptions): Uint8Array {
  refuseTooLarge(modelCosts(network).params);
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return onnxModel(network, {
    ...(preprocessing !== undefined && { preprocessing }),
    output: onnxOutput(outputs),
    producerVersion: manifest.version,
    description: 'A student of blockwise distillation.',
    metadata: Object.fromEntries(Object.entries(description).map(([key, value]) => [key, text(value)])),
  });
}

/** @throws DISTILL_E_EXPORT_SIZE for more weights than a file can hold */
export function refuseTooLarge(weights: number): void {
  const size = weights * Float32Array.BYTES_PER_ELEMENT;
  if (size <= MOST_WEIGHT_BYTES) return;
  throw new DistillError(
    'DISTILL_E_EXPORT_SIZE',
    `Its weights take ${bytes(size)}, and a .onnx file has at most 2 GiB.`,
  );
}
