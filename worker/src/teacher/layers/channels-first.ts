import { DistillError } from '@distillation/api/errors';
import { type JsonObject, numbersOf } from '../files/json.ts';
import { plainValue } from './values.ts';

/**
 * Networks whose layers take the channels of an image before its height and width. A layer inside a network may do so if the
 * network brings the channels there; the images given to the network have them last. Pure.
 */

interface Applied {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
}

/** Whether a layer's output has height, width and channels on the same axes as its input. */
export function keepsAxes({ className, config }: Pick<Applied, 'className' | 'config'>): boolean {
  return config['data_format'] === undefined && !MOVE.has(className);
}

const MOVE: ReadonlySet<string> = new Set(['Permute', 'Reshape', 'Flatten', 'Dense', 'Channels']);

/**
 * Refuses a layer with channels first that takes the network's own input.
 * @throws DISTILL_E_TEACHER_SHAPE
 */
export function refuseChannelsFirst({ name, className, config }: Applied, batchInputShape: unknown): void {
  const setting = channelsFirstSetting(className, config);
  if (setting === undefined) return;
  throw new DistillError(
    'DISTILL_E_TEACHER_SHAPE',
    `The teacher takes images of the shape ${JSON.stringify(batchInputShape)} with their channels first: its layer ${JSON.stringify(name)} is of the class ${className} with ${setting}. ` +
      'Images are given to it with their channels last. Build the network with data_format="channels_last" and axis=-1 in its normalisations, give it the same weights, and save it.',
    { subject: name },
  );
}

function channelsFirstSetting(className: string, config: JsonObject): string | undefined {
  if (config['data_format'] === 'channels_first') return 'data_format="channels_first"';
  // It moves the channels of such images to the end.
  return className === 'Permute' && numbersOf(plainValue(config['dims']))?.join() === '2,3,1'
    ? 'dims=[2,3,1]'
    : undefined;
}
