import { describe, expect, test } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { testTf } from '../../../test/teacher.ts';
import { compile } from './compile.ts';
import { Forward } from './forward.ts';
import { compileUpdate, isCompiled } from './update.ts';

const tf = await testTf();

const values = (tensor: Tensor): number[] => [...tensor.dataSync()];

/** What a function makes, its other tensors freed. */
function within<T>(body: () => T): T {
  let made: { readonly value: T } | undefined;
  tf.tidy(() => {
    made = { value: body() };
  });
  if (made === undefined) throw new Error('nothing was made');
  return made.value;
}

/** The result of a body whose tensors are freed, with a count of those that it leaves behind. */
function counted<T>(body: () => T): { readonly result: T; readonly left: number } {
  const before = tf.memory().numTensors;
  const result = body();
  return { result, left: tf.memory().numTensors - before };
}

describe('a compiled function', () => {
  test('computes what the function does for other arguments than those that it was compiled with', () => {
    const weight = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const { result, left } = counted(() => {
      const f = (x: Tensor): Tensor[] => {
        const product = tf.matMul(x.as2D(1, 2), weight);
        const [first, second] = tf.split(product, 2, 1);
        return [tf.relu(product), tf.add(first ?? x, 5), second ?? x, tf.argMax(product, 1), x.clone(), weight.clone()];
      };
      const [some, other] = [tf.tensor1d([1, -1]), tf.tensor1d([-3, 2])];
      const compiled = within(() => compile(tf, [some], () => f(some)));
      const got = compiled?.run([other]) ?? [];
      const wanted = within(() => f(other).map(values));
      const gotten = got.map(values);
      tf.dispose([...got, some, other]);
      compiled?.dispose();
      return { gotten, wanted };
    });
    expect(result.gotten).toEqual(result.wanted);
    expect(result.gotten).toEqual([[3, 2], [8], [2], [0], [-3, 2], [1, 2, 3, 4]]);
    expect(left).toBe(0);
    weight.dispose();
  });

  test.each([
    ['reads a tensor back', (x: Tensor) => [tf.scalar(x.dataSync()[0] ?? 0)]],
    ['uses strings', (x: Tensor) => [tf.tensor1d(['a', 'b']) as Tensor, x]],
  ])('is none that %s', (_name, f) => {
    const x = tf.scalar(3);
    const backend = tf.backend();
    tf.tidy(() => {
      expect(compile(tf, [x], () => f(x))).toBeUndefined();
    });
    // Nothing is recorded any more.
    expect(Object.hasOwn(backend, 'executeSingleOutput')).toBe(false);
    expect(values(x)).toEqual([3]);
  });
});

describe('a compiled update', () => {
  const twice = (update: (state: readonly ReturnType<typeof tf.variable>[], args: readonly Tensor[]) => void) => {
    // Both begin as one tensor, as variables may.
    const zero = tf.scalar(0);
    const state = [tf.variable(zero, false), tf.variable(zero, false)];
    const args = (x: number): Tensor[] => [tf.scalar(x)];
    const compiled = within(() =>
      compileUpdate(tf, {
        state,
        args: args(1),
        update: (given) => {
          update(state, given);
        },
      }),
    );
    const seen = [state.map(values)];
    for (const x of [2, 3]) {
      tf.tidy(() => {
        compiled.run(args(x));
      });
      seen.push(state.map(values));
    }
    compiled.dispose();
    tf.dispose([zero, ...state]);
    return seen;
  };

  test('changes variables at each run, and not when it is compiled', () => {
    const { result, left } = counted(() =>
      twice(([sum, last], [x]) => {
        if (sum === undefined || last === undefined || x === undefined) return;
        sum.assign(tf.add(sum, x));
        last.assign(tf.mul(x, 10));
      }),
    );
    expect(result).toEqual([
      [[0], [0]],
      [[2], [20]],
      [[5], [30]],
    ]);
    expect(left).toBe(0);
  });

  test('that cannot be a graph is run as it is', () => {
    const seen = twice(([sum], [x]) => {
      if (sum !== undefined) sum.assign(tf.scalar((sum.dataSync()[0] ?? 0) + (x?.dataSync()[0] ?? 0)));
    });
    expect(seen).toEqual([
      [[0], [0]],
      [[2], [0]],
      [[5], [0]],
    ]);
  });

  test('is made for epochs that are long enough', () => {
    expect([1, 15, 16, 1000].map((steps) => isCompiled(tf, steps))).toEqual([false, false, true, true]);
  });
});

test('a graph that cannot be written is an error that names the folder, and leaves nothing', ({ onTestFinished }) => {
  const before = process.env['TMPDIR'];
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  process.env['TMPDIR'] = '/dev/null/none';
  const { result, left } = counted(() => {
    const x = tf.tensor1d([1, 2]);
    const attempt = (): unknown => within(() => compile(tf, [x], () => [tf.mul(x, 2)]));
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'DISTILL_E_TEMPORARY_FOLDER', subject: '/dev/null/none' }) as Error,
    );
    x.dispose();
    return tf.tidy(() => values(tf.square(tf.tensor1d([3]))));
  });
  // The backend is as it was.
  expect(result).toEqual([9]);
  expect(left).toBe(0);
});

test.each([
  // One by one; recorded, which computes it too; the graph; the smaller batch one by one; the graph.
  { sizes: [4, 4, 4, 4, 4, 3, 4], calls: [1, 1, 0, 0, 0, 1, 0] },
  // The first batches lack images that cannot be read.
  { sizes: [3, 4, 4, 4, 3, 4], calls: [1, 1, 1, 0, 1, 0] },
  { sizes: [3, 3, 3, 4, 4, 4], calls: [1, 1, 0, 1, 1, 0] },
])('a forward function is a graph from the third of the largest batches on: $sizes', ({ sizes, calls: wanted }) => {
  let calls = 0;
  const { left } = counted(() => {
    const forward = new Forward(tf, (x) => {
      calls += 1;
      return [tf.mul(x, 2)];
    });
    const seen = sizes.map((size, batch) => {
      const before = calls;
      const got = within(() => forward.of(tf.fill([size], batch)).map(values));
      expect(got).toEqual([Array.from({ length: size }, () => 2 * batch)]);
      return calls - before;
    });
    expect(seen).toEqual(wanted);
    forward.dispose();
  });
  expect(left).toBe(0);
});
