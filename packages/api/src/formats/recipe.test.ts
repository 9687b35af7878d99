import { expect, test } from 'vitest';
import { parseManifest } from '../validation/manifest.ts';
import type { DistillationJobSpec } from '../job.ts';
import { askedFineTuning, controlRecipe, planKey, studentRecipe, trainingRecipe, tuningRecipe } from './recipe.ts';

const INPUTS = { teacherSha256: 'T', datasetSha256: 'D' };

const specOf = (more: object = {}): DistillationJobSpec =>
  parseManifest(
    JSON.stringify({
      apiVersion: 'distillation.dev/v1alpha1',
      kind: 'DistillationJob',
      metadata: { name: 'tiny' },
      spec: {
        teacher: { path: 'teacher', preprocessing: { mode: 'None' } },
        dataset: { path: 'data', format: 'Idx' },
        outputs: { path: 'out' },
        ...more,
      },
    }),
    'test job',
  ).spec;

test('a job without a control has the recipe that it had before there was one', () => {
  const plain = specOf();
  expect(askedFineTuning(plain.fineTuning)).not.toHaveProperty('control');
  expect(tuningRecipe(plain, INPUTS)).toBe(studentRecipe(plain, INPUTS));
});

test('a control is asked for by the recipe of the result, and leaves blocks and student as they are', () => {
  const [plain, controlled] = [specOf(), specOf({ fineTuning: { control: 'Enabled' } })];
  expect(studentRecipe(controlled, INPUTS)).not.toBe(studentRecipe(plain, INPUTS));
  expect(tuningRecipe(controlled, INPUTS)).toBe(tuningRecipe(plain, INPUTS));
  expect(trainingRecipe(controlled, INPUTS)).toBe(trainingRecipe(plain, INPUTS));
});

test('a control stays as it is under another selection, and not with other epochs', () => {
  const fineTuning = { control: 'Enabled' };
  const control = controlRecipe(specOf({ fineTuning }), INPUTS);
  expect(controlRecipe(specOf({ fineTuning, selection: { maxAccuracyDrop: '0.1' } }), INPUTS)).toBe(control);
  expect(controlRecipe(specOf({ fineTuning: { ...fineTuning, epochs: 2 } }), INPUTS)).not.toBe(control);
});

test('a job that names the kinds of layers has the recipes of one that does not, where it names what that one means', () => {
  const recipesOf = (blocks: object): readonly string[] => {
    const spec = specOf({ blocks });
    return [trainingRecipe(spec, INPUTS), studentRecipe(spec, INPUTS)];
  };
  const [training, student] = recipesOf({});
  expect(recipesOf({ layers: ['Convolution'] })).toEqual([training, student]);
  // Trained blocks stay as they are; another student is asked for, in whatever order the kinds stand.
  const all = recipesOf({ layers: ['Convolution', 'Pointwise', 'Dense'] });
  expect(all[0]).toBe(training);
  expect(all[1]).not.toBe(student);
  expect(recipesOf({ layers: ['Dense', 'Convolution', 'Pointwise'] })).toEqual(all);
  expect(recipesOf({ layers: ['Dense'] })[1]).not.toBe(all[1]);
});

test('what is expected of the teacher is checked by another plan, and leaves blocks, student and control as they are', () => {
  const plain = specOf();
  const expecting = { ...plain, teacher: { ...plain.teacher, expectedAccuracy: '0.78' } };
  expect(planKey(expecting)).not.toBe(planKey(plain));
  for (const recipe of [trainingRecipe, studentRecipe, tuningRecipe, controlRecipe]) {
    expect(recipe(expecting, INPUTS)).toBe(recipe(plain, INPUTS));
  }
});
