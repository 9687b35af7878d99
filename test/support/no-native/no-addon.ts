export { ADDON, probeAddon } from '@distillation/native-addon/addon';

export const locatePackage = (): undefined => undefined;
