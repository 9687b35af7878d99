import type { Transport } from '../client/transport.ts';

/**
 * Lets no write pass that `mayWrite` forbids but those of events, which tell of what was done, and of the lease itself. A process that was
 * stopped for a while (SIGSTOP, a paused machine) goes on where it was before any timer of its own fires, and by then another may lead.
 */
export const fenced =
  (mayWrite: () => boolean) =>
  (next: Transport): Transport =>
  async (call) => {
    const isHarmless = call.method === 'GET' || call.resource === 'events' || call.resource === 'leases';
    if (!isHarmless && !mayWrite()) throw new Error('the lease is lost, another replica may lead by now');
    return next(call);
  };
