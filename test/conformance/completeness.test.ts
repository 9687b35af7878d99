import { withHdf5 } from '../../worker/src/teacher/files/hdf5.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../worker/src/teacher/files/json.ts';
import { ACTIVATION_NAMES } from '../../worker/src/teacher/layers/activations.ts';
import { COMMON } from '../../worker/src/teacher/layers/kind.ts';
import { KINDS } from '../../worker/src/teacher/layers/kinds.ts';
import { describe, expect, test } from 'vitest';
import { REFUSED } from './refused.ts';
import { conformanceSet, realKeys } from './set.ts';

/** The set is about all that real Keras can write of the layers in the table, and the table about all that is in the set. */

const files = (await conformanceSet()).filter(({ extension }) => extension === 'h5');
const keys = await realKeys();

/** Every value that a key of a class has in the files, by key. */
const values = new Map<string, Map<string, Set<string>>>();
/** The same in those that are computed. */
const computed = new Map<string, Map<string, Set<string>>>();

function note(into: typeof values, className: string, config: JsonObject): void {
  const byKey = into.get(className) ?? new Map<string, Set<string>>();
  into.set(className, byKey);
  for (const [key, value] of Object.entries(config)) {
    byKey.set(key, (byKey.get(key) ?? new Set()).add(JSON.stringify(value)));
  }
}

function layersOf(topology: Json): readonly JsonObject[] {
  const config = isObject(topology) ? topology['config'] : undefined;
  const layers = isObject(config) ? config['layers'] : undefined;
  return (isArray(layers) ? layers : []).filter((layer) => isObject(layer));
}

for (const { name, className, content } of files) {
  const text = await withHdf5(content, name, (file) => file.text('', 'model_config') ?? '');
  for (const { class_name: found, config } of layersOf(JSON.parse(text) as Json)) {
    if (!isObject(config) || found !== className) continue;
    note(values, className, config);
    if (!REFUSED.has(name)) note(computed, className, config);
  }
}

const classes = Object.keys(KINDS);

test('every class of the table is in the set, and no other', () => {
  expect([...values.keys()].toSorted()).toEqual(classes.toSorted());
  for (const byClass of Object.values(keys)) expect(Object.keys(byClass).toSorted()).toEqual(classes.toSorted());
});

describe.each(classes)('%s', (className) => {
  const real = [...new Set(Object.values(keys).flatMap((byClass) => byClass[className] ?? []))];
  const known = { ...COMMON, ...KINDS[className]?.attributes };

  test('every key that Keras writes is known', () => {
    expect(real.filter((key) => !(key in known))).toEqual([]);
  });

  test('every key that Keras writes has several values in the set', () => {
    const single = real.filter((key) => (values.get(className)?.get(key)?.size ?? 0) < 2);
    expect(single.filter((key) => !ONE_VALUE.has(`${className}.${key}`) && key !== 'name')).toEqual([]);
  });

  test('a key that is said to have no effect, or to be computed, has several values in networks with the outputs of Keras', () => {
    const single = real.filter(
      (key) => known[key]?.effect !== 'fixed' && (computed.get(className)?.get(key)?.size ?? 0) < 2,
    );
    expect(single.filter((key) => !ONE_VALUE.has(`${className}.${key}`) && key !== 'name')).toEqual([]);
  });
});

/** Keys of which the set has one value, or computes one. */
const ONE_VALUE: ReadonlySet<string> = new Set([
  // They are there or not.
  ...['Conv2D', 'Dense'].flatMap((className) => [`${className}.lora_rank`, `${className}.lora_alpha`]),
  // Keras 2 writes them of layers that it cannot build with another value.
  'Conv2DTranspose.groups',
  'DepthwiseConv2D.groups',
  'SeparableConv2D.groups',
  'SeparableConv2D.kernel_initializer',
  'SeparableConv2D.kernel_regularizer',
  'SeparableConv2D.kernel_constraint',
  'SpatialDropout2D.noise_shape',
  // How Keras 2 draws random numbers, of which there are none at inference.
  ...['Brightness', 'Contrast', 'Flip', 'Rotation', 'Translation', 'Zoom'].map((what) => `Random${what}.rng_type`),
  // Keras 3 saves no RandomBrightness in a .h5.
  'RandomBrightness.data_format',
  // For the refused renorm alone.
  'BatchNormalization.renorm_clipping',
  // `channels_first` is refused.
  'Conv1D.data_format',
  'SeparableConv2D.data_format',
]);

test('every activation of the table is in a network with the outputs of Keras', () => {
  const found = [...(computed.get('Activation')?.get('activation') ?? [])].map((text) => String(JSON.parse(text)));
  expect(ACTIVATION_NAMES.filter((name) => !found.includes(name))).toEqual([]);
});
