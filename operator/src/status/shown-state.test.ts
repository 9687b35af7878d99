import { expect, it, test } from 'vitest';
import { shownState, shownStateOver } from './shown-state.ts';

test('the state stands alone while all is well, and with its reason otherwise', () => {
  expect(shownState('Training', 'Training')).toEqual({ stage: 'Training' });
  expect(shownState('Suspended', 'Suspending')).toEqual({ stage: 'Suspending' });
  expect(shownState('Suspended', 'Suspended')).toEqual({ stage: 'Suspended' });
  expect(shownState('Training', 'Unschedulable')).toEqual({ stage: 'Training', reason: 'Unschedulable' });
  expect(shownState('Failed', 'TeacherMissing')).toEqual({ stage: 'Failed', reason: 'TeacherMissing' });
});

it('follows from the verdict of a job that another operator has finished', () => {
  const over = (status: 'True' | 'False' | 'Unknown', reason: string) =>
    shownStateOver({
      conditions: [{ type: 'Succeeded', status, reason, message: '', lastTransitionTime: '2026-11-22T20:00:00Z' }],
    });
  expect(over('True', 'Succeeded')).toEqual({ stage: 'Succeeded' });
  expect(over('False', 'TeacherMissing')).toEqual({ stage: 'Failed', reason: 'TeacherMissing' });
  expect(over('Unknown', 'Training')).toEqual({});
  expect(shownStateOver(undefined)).toEqual({});
});
