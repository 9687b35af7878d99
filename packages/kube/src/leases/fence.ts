import type { Transport } from '../client/transport.ts';

/**
 * Blocks writes while `mayWrite` is false, except for events, which only report what was done, and for the lease itself. A process that was
 * suspended (SIGSTOP, a paused machine) resumes where it was before any of its timers fires, and by then another replica may lead.
 */
export const fenced =
  (mayWrite: () => boolean) =>
  (next: Transport): Transport =>
  async (call) => {
    const isHarmless = call.method === 'GET' || call.resource === 'events' || call.resource === 'leases';
    if (!isHarmless && !mayWrite()) throw new Error('the lease is lost, another replica may lead by now');
    return next(call);
  };
