export { ADDON, probeAddon } from '../../../worker/src/backend/native/addon.ts';

export const locatePackage = (): undefined => undefined;
