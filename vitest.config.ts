import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{api,operator,worker,cli,scripts}/**/*.test.ts', 'test/**/*.test.ts'],
    // The native TensorFlow addon is loaded once a process and cannot be unloaded: a process a file.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
  },
});
