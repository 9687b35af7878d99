import type { DistillationJobSpec } from './job.ts';

type Preprocessing = DistillationJobSpec['teacher']['preprocessing'];

/** How a teacher sees pixels, in a few words: "Custom; scale 0.5; mean 3". */
export function preprocessingText({ mode, scale, mean, std }: Preprocessing): string {
  const numbers = [scale && `scale ${scale}`, mean && `mean ${mean.join(', ')}`, std && `std ${std.join(', ')}`];
  return [mode, ...numbers.filter((text) => text !== undefined && text !== '')].join('; ');
}
