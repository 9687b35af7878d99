/**
 * What the native library must find in the environment before it is loaded; it reads each variable once a process.
 */

/** Variables for a process that will open a backend with this many threads for its arithmetic. */
function backendEnvironment(cpuThreads: number): Record<string, string> {
  return {
    // The bits of a sum depend on how many threads share it: the number is part of what makes a result reproducible.
    TF_NUM_INTRAOP_THREADS: String(cpuThreads),
    // Operations are issued one after the other, so a second pool would only idle.
    TF_NUM_INTEROP_THREADS: '1',
    TF_DETERMINISTIC_OPS: '1',
    // Else the first process takes the whole GPU and a second one (a finalizer, a stolen bin) finds none.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
}

/** Variables that the user may have set for a reason; these values are used where they did not. */
const ENVIRONMENT_DEFAULTS: Readonly<Record<string, string>> = {
  // Errors only: what TensorFlow says of the CPU's instructions is no news to a user of this project.
  TF_CPP_MIN_LOG_LEVEL: '2',
  // On or off gives other bits; saying which keeps a later TensorFlow's default from changing them.
  TF_ENABLE_ONEDNN_OPTS: '1',
};

/** Sets both in this process. Only before the native library is loaded, and only on the main thread (a worker thread has a copy). */
export function applyBackendEnvironment(cpuThreads: number): void {
  for (const [name, value] of Object.entries(ENVIRONMENT_DEFAULTS)) process.env[name] ??= value;
  Object.assign(process.env, backendEnvironment(cpuThreads));
}
