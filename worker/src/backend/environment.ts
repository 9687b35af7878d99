/** Environment variables that must be set before the native library is loaded; it reads each of them once per process. */

/** Variables for a process that will open a backend with this number of threads. */
function backendEnvironment(cpuThreads: number): Record<string, string> {
  return {
    // The bits of a sum depend on how many threads share it, so the number is part of what makes a result reproducible.
    TF_NUM_INTRAOP_THREADS: String(cpuThreads),
    // Operations of a graph that do not need each other run side by side: 13 blocks measured in one take two thirds of the time. No sum depends on it.
    TF_NUM_INTEROP_THREADS: String(cpuThreads),
    TF_DETERMINISTIC_OPS: '1',
    // Otherwise the first process takes all memory of the GPU, and a second one (a finalizer, a stolen bin) finds none.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
}

/** Variables that the user may have set for a reason; these are the values when they are not set. */
const ENVIRONMENT_DEFAULTS: Readonly<Record<string, string>> = {
  // Errors only: TensorFlow's messages about the CPU's instructions do not help a user of this project.
  TF_CPP_MIN_LOG_LEVEL: '2',
  // On and off give different bits; setting it keeps a later TensorFlow's default from changing them.
  TF_ENABLE_ONEDNN_OPTS: '1',
};

/**
 * Sets both in this process. Works only before the native library is loaded, and only on the main thread (a worker thread has a
 * copy).
 */
export function applyBackendEnvironment(cpuThreads: number): void {
  for (const [name, value] of Object.entries(ENVIRONMENT_DEFAULTS)) process.env[name] ??= value;
  Object.assign(process.env, backendEnvironment(cpuThreads));
}
