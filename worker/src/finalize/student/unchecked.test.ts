import { expect, test, vi } from 'vitest';
import { openBackend } from '../../backend/select.ts';
import { asTeacher, patchSamples, tinyModel } from '../../../test/finalize.ts';
import { onnxSpeed } from '../measuring/onnx-speed.ts';
import { requireLatency } from '../selection/times.ts';
import { otherFormats } from './formats.ts';

/** As on a platform for which the package brings no binary. */
vi.mock('onnxruntime-node', () => {
  throw new Error('no binary for this platform.\nmore of it');
});

const { tf } = await openBackend({ cpuThreads: 1 });
const student = await asTeacher(tinyModel(tf, { softmax: 'Layer' }), tf);

test('where ONNX Runtime cannot be loaded, the file is written and the report says that it was not compared', async () => {
  const about = { outputs: 'Probabilities', description: {}, batch: patchSamples('unchecked', 4) } as const;
  const { files, listed, warnings } = await otherFormats(tf, ['Onnx'], { student, ...about });
  expect([...files.keys()]).toEqual(['student.onnx']);
  expect(listed).toHaveLength(1);
  expect(warnings).toMatchObject([{ code: 'DISTILL_E_EXPORT_UNCHECKED' }]);
  expect(warnings[0]?.message).toMatch(
    /^student.onnx was written and not compared with the student. ONNX Runtime cannot be loaded: [^\n]+\.$/,
  );
});

test('and a budget of latency is refused', async () => {
  await expect(requireLatency(student)).rejects.toMatchObject({
    code: 'DISTILL_E_LATENCY_UNMEASURED',
    subject: 'spec.selection.budget.latency',
    message: expect.stringMatching(/which cannot be measured\. ONNX Runtime cannot be loaded: [^\n]+\.$/) as string,
  });
});

test('and the speed there is absent, with the reason', async () => {
  const speed = await onnxSpeed({ teacher: student, student, batch: 4 });
  expect(speed.rows).toEqual([]);
  expect(speed.absent).toMatch(/^ONNX Runtime cannot be loaded: /);
});
