import type { ScopeView } from '../controller/scopes.ts';
import type { Answer, Routes } from '@distillation/runtime/http';
import { text } from '@distillation/runtime/http';

/** What the probes judge by; read when they ask. Times are milliseconds of a monotonic clock. */
export interface Vitals {
  readonly now: number;
  /** Namespaces that are watched, or all as one. */
  readonly scopes: readonly ScopeView[];
  /** Start of each reconcile that runs now. */
  readonly reconcilingSince: readonly number[];
  /** When the API server last answered anything; undefined: never. */
  readonly apiAnsweredAt: number | undefined;
  /** Whether reconciles may run here: as the leader, or without election. */
  readonly isWorking: boolean;
  /** Whether the lease is held and not run out; absent without election. */
  readonly holdsLease?: boolean;
}

interface Judgement {
  readonly ok: boolean;
  /** A line a check, for people who ask by curl. */
  readonly lines: readonly string[];
}

/** A reconcile is a few API calls of at most 30 s each; one that takes this long never ends. */
const STUCK_MS = 300_000;
/** How long the API server may be silent before readiness asks it. */
const SILENT_MS = 30_000;

/**
 * `/healthz`: whether a restart would help. That it is answered at all shows that the event loop turns. An API server that cannot be
 * reached is no reason: a restart would not bring it back.
 */
export function alive({ now, reconcilingSince, isWorking, holdsLease }: Vitals): Judgement {
  const oldest = Math.max(0, ...reconcilingSince.map((since) => now - since));
  return judge([
    [oldest < STUCK_MS, 'workers', `the longest reconcile has run for ${seconds(oldest)}`],
    // A leader that loses its lease ends; that it works on is the defect.
    [
      !isWorking || holdsLease !== false,
      'lease',
      holdsLease === undefined ? 'no election' : holdsLease ? 'held' : isWorking ? 'lost' : 'standby',
    ],
  ]);
}

/**
 * `/readyz`: whether this replica could do its work now, or at least the work of one of its namespaces: for the others it would not help
 * to do none. A standby with full caches is ready; an operator that leaves everything to another one is not.
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
 * @param ask sends the API server some cheap request, done when there was no other traffic for a while; may reject
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
