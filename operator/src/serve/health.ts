import type { ScopeView } from '../controller/scopes.ts';
import { type Answer, type Routes, text } from '@distillation/runtime/http';

/** Input of the probes, read at each request. Times are in milliseconds of a monotonic clock. */
export interface Vitals {
  readonly now: number;
  /** The watched namespaces, or the whole cluster as one. */
  readonly scopes: readonly ScopeView[];
  /** Start of each running reconcile. */
  readonly reconcilingSince: readonly number[];
  /** When the API server last answered any request; undefined if never. */
  readonly apiAnsweredAt: number | undefined;
  /** Whether this replica reconciles: it is the leader, or there is no leader election. */
  readonly isWorking: boolean;
  /** Whether the lease is held and has not expired; absent without leader election. */
  readonly holdsLease?: boolean;
}

interface Judgement {
  readonly ok: boolean;
  /** One line per check, for people who use curl. */
  readonly lines: readonly string[];
}

/** A reconcile makes a few API calls of at most 30 s each; one that takes this long will never end. */
const STUCK_MS = 300_000;
/** Readiness fails when the API server has not answered for this long. */
const SILENT_MS = 30_000;

/**
 * `/healthz`: fails when a restart would help. Any answer at all shows that the event loop is running. An unreachable API server is no
 * reason to fail, since a restart would not bring it back.
 */
export function alive({ now, reconcilingSince, isWorking, holdsLease }: Vitals): Judgement {
  const oldest = Math.max(0, ...reconcilingSince.map((since) => now - since));
  return judge([
    [oldest < STUCK_MS, 'workers', `the longest reconcile has run for ${seconds(oldest)}`],
    // A leader that loses its lease exits; one that keeps working has a defect.
    [
      !isWorking || holdsLease !== false,
      'lease',
      holdsLease === undefined ? 'no election' : holdsLease ? 'held' : isWorking ? 'lost' : 'standby',
    ],
  ]);
}

/**
 * `/readyz`: whether this replica could run the jobs of at least one of its namespaces; one that is not available must not stop the others.
 * A standby with synced caches is ready; an operator that leaves everything to another one is not.
 */
export function ready({ now, scopes, apiAnsweredAt }: Vitals): Judgement {
  const silent = apiAnsweredAt === undefined ? Number.POSITIVE_INFINITY : now - apiAnsweredAt;
  const available = scopes.filter(({ state }) => state === 'Available');
  const { ok, lines } = judge([
    [available.length > 0, 'namespaces', `${available.length} of ${scopes.length} can be served`],
    [
      silent < SILENT_MS,
      'api server',
      Number.isFinite(silent) ? `answered ${seconds(silent)} ago` : 'has not answered yet',
    ],
  ]);
  const each = scopes.map(
    ({ title, state, detail }) => `${state === 'Available' ? 'ok' : 'not served'}: ${title}: ${detail}`,
  );
  return { ok, lines: [...lines, ...each] };
}

/**
 * The paths for the kubelet's probes.
 *
 * @param ask sends a cheap request to the API server, used when there has been no other traffic for a while; may reject
 */
export function healthRoutes(vitals: () => Vitals, ask: () => Promise<unknown>): Routes {
  return {
    '/healthz': () => answer(alive(vitals())),
    '/readyz': async () => {
      const { now, apiAnsweredAt } = vitals();
      if (apiAnsweredAt === undefined || now - apiAnsweredAt >= SILENT_MS / 2) await ask().catch(() => undefined);
      return answer(ready(vitals()));
    },
  };
}

function judge(checks: readonly (readonly [ok: boolean, name: string, detail: string])[]): Judgement {
  return {
    ok: checks.every(([ok]) => ok),
    lines: checks.map(([ok, name, detail]) => `${ok ? 'ok' : 'failed'}: ${name}: ${detail}`),
  };
}

const answer = ({ ok, lines }: Judgement): Answer => text(ok ? 200 : 503, `${lines.join('\n')}\n`);
const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
