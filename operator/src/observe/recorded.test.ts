import { describe, expect, it } from 'vitest';
import type { WireConfigMap } from '@distillation/kube/wire';
import { PLAN, SCHEDULE } from '../../test/children.ts';
import { FILE } from '../objects/config-maps.ts';
import { recordedPlan, recordedSchedule } from './observe.ts';

const configMap = (file: string, text: string): WireConfigMap => ({ data: { [file]: text } });

/** What is no plan and no schedule: it is made and written again, and never acted on. */
const DAMAGED = ['', 'no JSON', 'null', '{}', '[]', '7'];

describe('a plan and a schedule in a ConfigMap', () => {
  it('are read as they were written', () => {
    expect(recordedPlan(configMap(FILE.plan, JSON.stringify(PLAN)))).toEqual(PLAN);
    expect(recordedSchedule(configMap(FILE.schedule, JSON.stringify(SCHEDULE)))).toEqual(SCHEDULE);
  });

  it.each([...DAMAGED, JSON.stringify({ ...PLAN, blocks: 2 }), JSON.stringify({ ...PLAN, version: 2 })])(
    'is no plan: %s',
    (text) => {
      expect(recordedPlan(configMap(FILE.plan, text))).toBeUndefined();
    },
  );

  it.each([...DAMAGED, JSON.stringify({ ...SCHEDULE, bins: [{}] }), JSON.stringify({ ...SCHEDULE, version: 2 })])(
    'is no schedule: %s',
    (text) => {
      expect(recordedSchedule(configMap(FILE.schedule, text))).toBeUndefined();
    },
  );

  it('are missing before they are written', () => {
    expect([recordedPlan(undefined), recordedSchedule({})]).toEqual([undefined, undefined]);
  });
});
