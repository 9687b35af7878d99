import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { enterTraining, type TrainingMode } from '../../worker/src/finalize/fine-tuning/training-mode.ts';
import { preparationLayers } from '../../worker/src/teacher/graph/graph.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import { pixels, temporaryFolder, testTf } from '../../worker/test/teacher.ts';
import { expect, test } from 'vitest';
import { REFUSED } from './refused.ts';
import { type ConformanceFile, conformanceSet } from './set.ts';

/**
 * Fine-tuning differentiates through every layer that is read, in the form in which it is rewritten: the derivatives by inputs and
 * weights are those that differences of outputs show.
 */

const tf = await testTf();
const folder = await temporaryFolder();
const files = (await conformanceSet()).filter(({ name, bytes }) => !REFUSED.has(name) && !bytes);
// Each case once; activations of Keras 2 besides, which has other ones of the same name.
const cases = files.filter(({ version, extension, className, name }) =>
  version === 'keras 3'
    ? extension === 'keras'
    : extension === 'h5' && /^(Activation|LeakyReLU)|activation=/.test(`${className} ${name}`),
);
const classes = [...new Set(cases.map(({ className }) => className))];

const STEP = 1e-2;
/** Of the largest derivative: rounding to 32 bits, and what is not linear within a step. */
const TOLERANCE = 1e-2;
const PLACES = 5;

/** A few places of an array, spread over it. */
const placesOf = (size: number): number[] => [
  ...new Set(Array.from({ length: PLACES }, (_, i) => Math.floor(((i + 0.5) * size) / PLACES))),
];

/** A number for each sample: a sum of its outputs with fixed weights, none of them alike. */
function scoresOf(model: LayersModel, images: Tensor): Tensor {
  const outputs = tf.reshape(model.apply(images, { training: false }) as Tensor, [images.shape[0], -1]);
  const width = outputs.shape[1] ?? 1;
  return outputs
    .mul(
      tf.tensor2d(
        Array.from({ length: width }, (_, i) => Math.cos(i * 7.1)),
        [1, width],
      ),
    )
    .sum(1);
}

/** `compute`, with what it leaves of tensors taken away. */
function scoped<T>(compute: () => T): T {
  tf.engine().startScope();
  try {
    return compute();
  } finally {
    tf.engine().endScope();
  }
}

interface Slope {
  readonly what: string;
  readonly derivative: number;
  /** Differences of the scores to either side, by the step. At a kink the derivative is one of them, or between them. */
  readonly sides: readonly [number, number];
}

function inputSlopes(model: LayersModel, shape: readonly number[]): Slope[] {
  return scoped(() => {
    const image = pixels(tf, [1, ...shape]);
    const derivatives = tf
      .grad((x: Tensor) => scoresOf(model, x).sum())(image)
      .dataSync();
    const places = placesOf(image.size);
    const moved = (by: number): Tensor =>
      tf.concat(
        places.map((place) => {
          const values = image.dataSync().slice();
          values[place] = (values[place] ?? 0) + by;
          return tf.tensor(values, image.shape);
        }),
      );
    const [below, at, above] = [-STEP, 0, STEP].map((by) => scoresOf(model, moved(by)).dataSync());
    return places.map((place, i) => ({
      what: `input ${place}`,
      derivative: derivatives[place] ?? NaN,
      sides: sidesOf(below?.[i], at?.[i], above?.[i]),
    }));
  });
}

const sidesOf = (below = NaN, at = NaN, above = NaN): readonly [number, number] => [
  (at - below) / STEP,
  (above - at) / STEP,
];

function weightSlopes(model: LayersModel, shape: readonly number[], { variables }: TrainingMode): Slope[] {
  return scoped(() => {
    const image = pixels(tf, [1, ...shape]);
    return [...variables].flatMap(([name, variable]) => {
      const { grads } = tf.variableGrads(() => scoresOf(model, image).sum().asScalar(), [variable]);
      const derivatives = Object.values(grads)[0]?.dataSync();
      const values = variable.dataSync().slice();
      const scoreWith = (place: number, by: number): number | undefined => {
        const moved = values.slice();
        moved[place] = (moved[place] ?? 0) + by;
        variable.assign(tf.tensor(moved, variable.shape));
        return scoresOf(model, image).dataSync()[0];
      };
      const slopes = placesOf(values.length).map((place) => ({
        what: `${name} ${place}`,
        derivative: derivatives?.[place] ?? NaN,
        sides: sidesOf(scoreWith(place, -STEP), scoreWith(place, 0), scoreWith(place, STEP)),
      }));
      variable.assign(tf.tensor(values, variable.shape));
      return slopes;
    });
  });
}

/** The derivatives that no difference shows. */
async function wrongSlopes(file: ConformanceFile): Promise<string[]> {
  const path = join(folder, `teacher.${file.extension}`);
  await writeFile(path, file.content);
  const { model, graph } = await loadTeacher(tf, { path });
  // By the moments of the batch a normalisation is differentiated in worker/src/backend/broadcast-gradients.test.ts.
  const normalizations = model.layers.filter((layer) => layer.getClassName() === 'BatchNormalization');
  const mode = enterTraining(
    tf,
    model,
    new Set([...preparationLayers(graph), ...normalizations.map(({ name }) => name)]),
  );
  const slopes = [inputSlopes(model, file.input), weightSlopes(model, file.input, mode)];
  mode.release();
  model.dispose();
  return slopes.flatMap((group) => {
    const scale = Math.max(...group.flatMap(({ sides }) => sides.map(Math.abs)), 0.1);
    return group.flatMap(({ what, derivative, sides }) => {
      const slack = TOLERANCE * scale;
      const isShown = derivative >= Math.min(...sides) - slack && derivative <= Math.max(...sides) + slack;
      return isShown ? [] : [`${file.name} (${file.version}): ${what} ${derivative}, not ${sides.join(' to ')}`];
    });
  });
}

test.each(classes)('%s', async (className) => {
  const wrong: string[] = [];
  for (const file of cases.filter((each) => each.className === className)) wrong.push(...(await wrongSlopes(file)));
  expect(wrong).toEqual([]);
});
