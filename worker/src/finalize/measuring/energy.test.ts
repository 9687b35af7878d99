import { expect, test } from 'vitest';
import type { EpochRecord } from '@distillation/api/ledger';
import { epochRecord } from '../../../../packages/ledger/test/worker.ts';
import { energyOf } from './energy.ts';

const measured = (epoch: number, gpuJoules?: number): EpochRecord => {
  const record = epochRecord('b', 0, epoch);
  return { ...record, timing: { ...record.timing, ...(gpuJoules !== undefined && { gpuJoules }) } };
};

test('the energy of all epochs on record, and of the finalizer', () => {
  expect(energyOf([measured(1, 10), measured(2, 20)], 5)).toEqual({
    energy: { trainingGpuJoules: 30, finalizeGpuJoules: 5 },
  });
});

test('a part is not passed off as the whole, and nothing measured is nothing said', () => {
  expect(energyOf([measured(1, 10), measured(2)], 5)).toEqual({ energy: { finalizeGpuJoules: 5 } });
  expect(energyOf([measured(1, 10), measured(2)], undefined)).toEqual({});
  expect(energyOf([], undefined)).toEqual({});
});
