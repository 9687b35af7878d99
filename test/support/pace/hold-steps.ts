import { registerHooks } from 'node:module';

/** Preloaded into a process: its data loader is that of `held-loader.ts`. */

const LOADER = new URL('../../../worker/src/data/loading/loader.ts', import.meta.url).href;
const HELD = new URL('./held-loader.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url === LOADER && context.parentURL !== HELD ? { ...resolved, url: HELD } : resolved;
  },
});
