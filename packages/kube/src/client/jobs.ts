import type { WireJob } from './wire.ts';

/** The condition by which a Job is finished (`Complete` or `Failed`); undefined while it is not. */
export const finishedCondition = ({ status }: WireJob) =>
  status?.conditions?.find(({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True');
