import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EpochMetrics } from '@distillation/api/ledger';
import { decide } from './decide.ts';

const good = (probeLoss: number): EpochMetrics => ({
  loss: probeLoss,
  probeLoss,
  probeBaseline: 1,
  probeOutputVariance: 0.5,
});
const training = { epochs: 4 };

describe('decide', () => {
  it.each<[string, EpochMetrics[], number, ReturnType<typeof decide>]>([
    ['goes on while epochs are left', [good(0.5)], 0, {}],
    ['is done after the last epoch', [0.5, 0.4, 0.3, 0.2].map(good), 0, { outcome: 'Trained' }],
    ['allows a bad first epoch', [good(2)], 0, {}],
  ])('%s', (_name, metrics, ...[attempt, expected]) => {
    expect(decide(metrics, attempt, training)).toEqual(expected);
  });

  it.each<[string, EpochMetrics[], string]>([
    ['a loss that is not a number', [{ ...good(0.5), loss: Number.NaN }], 'DISTILL_E_NOT_A_NUMBER'],
    ['an infinite held-out loss', [{ ...good(0.5), probeLoss: Infinity }], 'DISTILL_E_NOT_A_NUMBER'],
    ['a constant output', [{ ...good(0.5), probeOutputVariance: 0 }], 'DISTILL_E_DEAD_BLOCK'],
    ['half the epochs and no better than the mean', [good(1.2), good(1.1)], 'DISTILL_E_DEAD_BLOCK'],
  ])('restarts once, then fails, on %s', (_name, metrics, code) => {
    expect(decide(metrics, 0, training)).toMatchObject({ restart: true, failure: { code } });
    expect(decide(metrics, 1, training)).toMatchObject({ outcome: 'Failed', failure: { code } });
  });

  it.each([Number.NaN, Infinity])(
    'fails at once where the layer’s own outputs are not finite (%s)',
    (probeBaseline) => {
      const decision = decide([{ ...good(Number.NaN), probeBaseline }], 0, training);
      expect(decision).toMatchObject({ outcome: 'Failed', failure: { code: 'DISTILL_E_LAYER_NOT_FINITE' } });
      expect(decision.restart).toBeUndefined();
    },
  );

  it('does not blame a block for a layer that is itself constant', () => {
    expect(decide([{ ...good(0), probeBaseline: 0, probeOutputVariance: 0 }], 0, training)).toEqual({});
  });

  it('stops early only after `patience` epochs without improvement', () => {
    const stopping = { epochs: 100, earlyStopping: { patience: 2, minImprovement: '0.01' } };
    expect(decide([0.5, 0.499].map(good), 0, stopping)).toEqual({});
    expect(decide([0.5, 0.499, 0.498].map(good), 0, stopping)).toEqual({ outcome: 'StoppedEarly' });
    expect(decide([0.5, 0.499, 0.4, 0.399].map(good), 0, stopping)).toEqual({});
  });

  it('always ends: no more epochs than asked for, at most two attempts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        (losses, epochs) => {
          let attempt = 0;
          let metrics: EpochMetrics[] = [];
          for (let i = 0; i < 3 * epochs + 2; i++) {
            metrics.push(good(losses[i % losses.length] ?? 0));
            const decision = decide(metrics, attempt, { epochs });
            if (decision.outcome !== undefined) return metrics.length <= epochs;
            if (decision.restart === true) {
              attempt += 1;
              metrics = [];
            }
          }
          return false;
        },
      ),
    );
  });
});
