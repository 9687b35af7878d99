import { registerHooks } from 'node:module';

/** Preloaded into a process: npm has installed no native TensorFlow, as on a machine that it has no binary for. */

const ADDON = new URL('../../../packages/native-addon/src/addon.ts', import.meta.url).href;
const NONE = new URL('./no-addon.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@tensorflow/tfjs-node')) {
      throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: 'MODULE_NOT_FOUND' });
    }
    const resolved = next(specifier, context);
    return resolved.url === ADDON && context.parentURL !== NONE ? { ...resolved, url: NONE } : resolved;
  },
});
