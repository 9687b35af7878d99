import type { PreprocessingSpec } from './job.ts';

/** How a teacher sees pixels, in a few words: "Custom; scale 0.5; mean 3". */
export function preprocessingText({ mode, scale, mean, std }: PreprocessingSpec): string {
  const numbers = [scale && `scale ${scale}`, mean && `mean ${mean.join(', ')}`, std && `std ${std.join(', ')}`];
  return [mode, ...numbers.filter((text) => text !== undefined && text !== '')].join('; ');
}
