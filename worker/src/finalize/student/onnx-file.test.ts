import { expect, test } from 'vitest';
import { refuseTooLarge } from './onnx-file.ts';

test('more weights than a protobuf message can hold are refused, as many as it holds are not', () => {
  expect(() => {
    refuseTooLarge(138_000_000);
  }).not.toThrow();
  expect(() => {
    refuseTooLarge(600_000_000);
  }).toThrow(expect.objectContaining({ code: 'DISTILL_E_EXPORT_SIZE' }));
});
