import { type Loader, type LoaderOptions, openLoader as openReal } from '../../../worker/src/data/loading/loader.ts';

/** The real loader, whose batches each hold the main thread for TEST_STEP_MS, as a slow native step does. */

const still = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

export function openLoader(options: LoaderOptions): Loader {
  const loader = openReal(options);
  return {
    ...loader,
    async *batches(request) {
      for await (const batch of loader.batches(request)) {
        Atomics.wait(still, 0, 0, Number(process.env['TEST_STEP_MS']));
        yield batch;
      }
    },
  };
}
