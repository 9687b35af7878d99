import { expect, it } from 'vitest';
import type { JobObject } from '../jobs.ts';
import { resultsOf } from './results.ts';

it('a job without a student is named, with its namespace, in the way to follow it', () => {
  const job = { metadata: { name: 'vgg', namespace: 'team-a' }, spec: {} } as JobObject;
  expect(() => resultsOf(job)).toThrow(
    expect.objectContaining({
      code: 'DISTILL_E_NO_RESULT',
      fix: 'Follow it by `kubectl distill watch vgg -n team-a`, and run the same command when it has succeeded.',
    }),
  );
});
