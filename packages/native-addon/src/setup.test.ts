import { expect, test } from 'vitest';
import { withoutNative } from './setup.ts';

test('without the native library the user is told how slow that is, why, and how to get it', () => {
  expect(withoutNative({ usable: true, summary: 'tfjs-node: TensorFlow 2.9.1' })).toBeUndefined();
  const remark = withoutNative({ usable: false, summary: 'tfjs-node: left out, as DISTILL_NATIVE=skip says' });
  expect(remark).toMatch(
    /^Computing in WebAssembly, some ten times slower .*\(tfjs-node: left out.*\)\. .*`kubectl-distill setup`\.$/,
  );
});
