import type * as Library from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** ONNX Runtime, which runs the .onnx files that onnx/model.ts makes. It is an optional package: not every platform has its binary. */

export type OnnxRuntime = Pick<typeof Library, 'InferenceSession' | 'Tensor'>;

/** The runtime, or why there is none. */
export type Runtime =
  | { readonly runtime: OnnxRuntime; readonly version: string; readonly missing?: undefined }
  | { readonly runtime?: undefined; readonly version?: undefined; readonly missing: string };

export async function openOnnxRuntime(): Promise<Runtime> {
  try {
    const { default: runtime } = await import('onnxruntime-node');
    // What goes wrong is thrown too.
    runtime.env.logLevel = 'fatal';
    return { runtime, version: runtime.env.versions.node ?? runtime.env.versions.common };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { missing: `ONNX Runtime cannot be loaded: ${line.replace(/[.\s]+$/, '')}` };
  }
}

/** A network in ONNX Runtime on the CPU. */
export interface OnnxSession {
  /**
   * @param images [batch, height, width, channels]: prepared pixels, or bytes for a network with the preprocessing inside
   * @returns the network's output for them, [batch, classes]
   */
  run(images: Float32Array | Uint8Array, shape: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens a file. @param threads inside an operation; all of the machine when absent */
export async function openSession(
  runtime: OnnxRuntime,
  bytes: Uint8Array,
  { threads }: { readonly threads?: number } = {},
): Promise<OnnxSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Threads otherwise wait busily for the next run, and take the cores from the session that has its turn.
    extra: { session: { force_spinning_stop: '1' } },
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  };
  const session = await runtime.InferenceSession.create(bytes, options);
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
  return {
    run: async (images, shape) => {
      const tensor: Tensor =
        images instanceof Uint8Array
          ? new runtime.Tensor('uint8', images, shape)
          : new runtime.Tensor('float32', images, shape);
      const result = (await session.run({ [input]: tensor }))[output];
      return result?.data as Float32Array;
    },
    close: () => session.release(),
  };
}
