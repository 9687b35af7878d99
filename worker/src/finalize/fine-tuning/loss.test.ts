import { expect, test } from 'vitest';
import { openBackend } from '../../backend/select.ts';
import { distillationLoss, lossParts } from './loss.ts';

const { tf } = await openBackend({ cpuThreads: 1 });

const STUDENT = [
  [1, -2, 0.5],
  [0, 3, -1],
];
const TEACHER = [
  [2, 0, 0],
  [-1, 1, 1],
];
const LABELS = [2, 1];

const softmax = (logits: readonly number[], temperature = 1): number[] => {
  const exponentials = logits.map((x) => Math.exp(x / temperature));
  const sum = exponentials.reduce((a, b) => a + b);
  return exponentials.map((x) => x / sum);
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const crossEntropy = mean(STUDENT.map((row, i) => -Math.log(softmax(row)[LABELS[i] ?? 0] ?? 0)));
const divergence = (temperature: number): number =>
  mean(
    STUDENT.map((row, i) => {
      const target = softmax(TEACHER[i] ?? [], temperature);
      const own = softmax(row, temperature);
      return target.reduce((sum, p, k) => sum + p * Math.log(p / (own[k] ?? 0)), 0);
    }),
  );

function lossOf(spec: Parameters<typeof lossParts>[0]): number {
  return tf.tidy(() => {
    const inputs = {
      student: tf.tensor2d(STUDENT),
      teacher: tf.tensor2d(TEACHER),
      labels: tf.tensor1d(LABELS, 'int32'),
    };
    return distillationLoss(tf, lossParts(spec), inputs).dataSync()[0] ?? NaN;
  });
}

test('each part is what its formula says, and parts add up', () => {
  const teacherLogits = { weight: '0.1', temperature: '4' };
  expect(lossOf({ labels: 'Used' })).toBeCloseTo(crossEntropy, 5);
  expect(lossOf({ labels: 'None', teacherLogits })).toBeCloseTo(0.1 * 16 * divergence(4), 5);
  expect(lossOf({ labels: 'Used', teacherLogits })).toBeCloseTo(crossEntropy + 0.1 * 16 * divergence(4), 5);
});

test('a student that gives what the teacher gives has no divergence', () => {
  const loss = tf.tidy(() => {
    const teacher = tf.tensor2d(TEACHER);
    const parts = lossParts({ labels: 'None', teacherLogits: { weight: '1', temperature: '2' } });
    return distillationLoss(tf, parts, {
      student: teacher,
      teacher,
      labels: tf.tensor1d(LABELS, 'int32'),
    }).dataSync()[0];
  });
  expect(loss).toBeCloseTo(0, 6);
});

test('nothing to learn from is refused', () => {
  expect(() => lossParts({ labels: 'None' })).toThrow(/nothing to learn from/);
});
