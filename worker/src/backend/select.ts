import { createRequire } from 'node:module';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { applyBackendEnvironment } from './environment.ts';
import { installBatchNormalization } from './batch-normalization.ts';
import { installDilatedLayers } from './dilated-layers.ts';
import { describeGpuResources } from './gpu-resources.ts';
import { installGradients } from './gradients.ts';
import { loadTfjs } from './load-tfjs.ts';
import { installNativeKernels } from './native-kernels.ts';
import { nativeBackend } from './native-ops.ts';
import { selfTest } from './self-test.ts';
import { installWasmKernels } from './wasm-kernels.ts';
import type { Tf } from './tf.ts';

/** What computes: TensorFlow on a GPU or on the CPU, its WebAssembly kernels, or plain JavaScript (only for tiny tests). */
export type BackendName = 'native-gpu' | 'native-cpu' | 'wasm' | 'cpu';

/** An open backend. One is active per process; results are comparable bit for bit only if everything but `notes` is equal. */
export interface Backend {
  readonly tf: Tf;
  readonly name: BackendName;
  /** Version of the TensorFlow library that computes, or of TensorFlow.js when there is no native library. */
  readonly tfVersion: string;
  /** One line for logs, metrics and the report. */
  readonly description: string;
  /** Threads that share one operation's arithmetic; 1 on wasm and cpu. */
  readonly cpuThreads: number;
  /** Whether the same calls give the same bits. */
  readonly deterministic: boolean;
  /** Why the better backends were not used, one line each. */
  readonly notes: readonly string[];
}

interface OpenBackendOptions {
  /** The best backend to try; weaker ones follow. Default `native`. */
  readonly prefer?: 'native' | 'wasm' | 'cpu';
  /** Threads of the native library. It reads the number once per process, so a later call cannot change it. */
  readonly cpuThreads: number;
  /** Whether to fail with DISTILL_E_BACKEND_GPU_MISSING instead of computing on a CPU. */
  readonly requireGpu?: boolean;
  /** Receives the notes as they arise. */
  readonly log?: (line: string) => void;
}

/** Not by an import, as `load-tfjs.ts` says. */
const require = createRequire(import.meta.url);

/** A candidate: makes one backend the active one. */
type Candidate = (tf: Tf, cpuThreads: number) => Promise<Omit<Backend, 'tf' | 'notes'>>;

const opened = new Map<Candidate, Omit<Backend, 'tf' | 'notes'>>();

/**
 * Opens the best backend that works: native (GPU package, otherwise CPU), wasm, cpu. Each must pass a self-test, a training step
 * with a known result; one that fails is skipped with a note. Call it on the main thread of the process, before anything else loads
 * TensorFlow.js; a process that was given a GPU calls it with `requireGpu`.
 *
 * @throws DistillError DISTILL_E_BACKEND_GPU_MISSING, DISTILL_E_BACKEND_NONE
 */
export async function openBackend(options: OpenBackendOptions): Promise<Backend> {
  const { prefer = 'native', cpuThreads, requireGpu = false } = options;
  if (opened.size === 0) applyBackendEnvironment(cpuThreads);
  const tf = loadTfjs();
  installGradients(tf);
  installBatchNormalization(tf);
  installDilatedLayers(tf);
  const notes: string[] = [];
  const ladder: [string, Candidate][] = [
    ['@tensorflow/tfjs-node-gpu', openNativeGpuPackage],
    ['@tensorflow/tfjs-node', openNativeCpuPackage],
    ['wasm', openWasm],
    ['cpu', openPlain],
  ];
  for (const [label, candidate] of ladder.slice({ native: 0, wasm: 2, cpu: 3 }[prefer])) {
    try {
      const backend = await openOnce(candidate, tf, cpuThreads);
      if (requireGpu && backend.name !== 'native-gpu') {
        throw new DistillError(
          'DISTILL_E_BACKEND_GPU_MISSING',
          `${[`The best backend is ${backend.description}`, describeGpuResources(), ...notes].join('; ')}.`,
        );
      }
      return { tf, ...backend, notes };
    } catch (thrown) {
      if (thrown instanceof DistillError) throw thrown;
      if (isNotInstalled(thrown) && label === '@tensorflow/tfjs-node-gpu') continue; // optional: nothing to tell
      const note = `backend ${label} passed over: ${firstLine(thrown)}`;
      notes.push(note);
      options.log?.(note);
    }
  }
  throw new DistillError('DISTILL_E_BACKEND_NONE', `No backend computes here: ${notes.join('; ')}.`);
}

async function openOnce(candidate: Candidate, tf: Tf, cpuThreads: number): Promise<Omit<Backend, 'tf' | 'notes'>> {
  const known = opened.get(candidate);
  if (known !== undefined) {
    await tf.setBackend(tfjsName(known.name));
    return known;
  }
  const backend = await candidate(tf, cpuThreads);
  const differences = selfTest(tf);
  if (differences.length > 0) throw new Error(`self-test failed: ${differences.join(', ')}`);
  opened.set(candidate, backend);
  return backend;
}

/** The name under which TensorFlow.js registers a backend. */
function tfjsName(name: BackendName): string {
  return name.startsWith('native') ? 'tensorflow' : name;
}

async function openNativeGpuPackage(tf: Tf, cpuThreads: number): ReturnType<Candidate> {
  require('@tensorflow/tfjs-node-gpu');
  return describeNative(tf, cpuThreads);
}

async function openNativeCpuPackage(tf: Tf, cpuThreads: number): ReturnType<Candidate> {
  require('@tensorflow/tfjs-node');
  return describeNative(tf, cpuThreads);
}

async function describeNative(tf: Tf, cpuThreads: number): ReturnType<Candidate> {
  await tf.setBackend('tensorflow');
  silenceDeprecations();
  installNativeKernels(tf);
  const { isUsingGpuDevice, binding } = nativeBackend(tf);
  const threads = plural(cpuThreads, 'thread');
  return {
    name: isUsingGpuDevice ? 'native-gpu' : 'native-cpu',
    tfVersion: binding.TF_Version,
    description: `TensorFlow ${binding.TF_Version} on ${isUsingGpuDevice ? 'the GPU' : `the CPU, ${threads}`}`,
    cpuThreads,
    deterministic: true,
  };
}

/** tfjs-node calls util.isArray and util.isNullOrUndefined; Node reports them as deprecated, which is no help to a user. */
function silenceDeprecations(): void {
  const silenced = new Set<unknown>(['DEP0044', 'DEP0051']);
  const emitWarning = process.emitWarning.bind(process) as (...call: unknown[]) => void;
  process.emitWarning = (...call: unknown[]) => {
    if (!silenced.has(call[2])) emitWarning(...call);
  };
}

async function openWasm(tf: Tf): ReturnType<Candidate> {
  require('@tensorflow/tfjs-backend-wasm');
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly could not be started');
  installWasmKernels(tf);
  const tfVersion = tf.version_core;
  return {
    name: 'wasm',
    tfVersion,
    description: `TensorFlow.js ${tfVersion} in WebAssembly`,
    cpuThreads: 1,
    deterministic: true,
  };
}

async function openPlain(tf: Tf): ReturnType<Candidate> {
  // On its first tensor this backend prints a banner that recommends installing tfjs-node; our own notes already explain the
  // situation.
  const production = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  tf.tidy(() => tf.square(1).dataSync());
  tf.env().set('PROD', production);
  const tfVersion = tf.version_core;
  return {
    name: 'cpu',
    tfVersion,
    description: `TensorFlow.js ${tfVersion} in plain JavaScript`,
    cpuThreads: 1,
    deterministic: true,
  };
}

function isNotInstalled(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'MODULE_NOT_FOUND';
}

function firstLine(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split('\n', 1)[0]?.trim() ?? '';
}
