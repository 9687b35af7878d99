import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { CONTROLLER } from '@distillation/api/words';
import type { Logger } from 'pino';
import { type Access, accessTo } from './access.ts';
import { childConfig } from './objects/config.ts';
import { scopesOf } from './claims.ts';
import { InformerCaches } from './controller/informer-caches.ts';
import { Controller } from './controller/controller.ts';
import { LiveReads } from './controller/live-reads.ts';
import { Poller } from './controller/poller.ts';
import { Reconciler } from './controller/reconciler.ts';
import type { Scopes } from './controller/scopes.ts';
import { isApiError } from '@distillation/kube/api-error';
import type { Observation } from '@distillation/kube/calls';
import { type KubeClient, kubeClient } from '@distillation/kube/client';
import { EventRecorder } from '@distillation/kube/events';
import { fenced } from '@distillation/kube/fence';
import { LeaderElector } from '@distillation/kube/leader';
import type { ReflectorTiming } from '@distillation/kube/reflector-options';
import { LEASES } from '@distillation/kube/resources';
import type { Transport } from '@distillation/kube/transport';
import { type Metrics, createMetrics } from './metrics/metrics.ts';
import type { Scraped } from './metrics/scraped.ts';
import { WatchCount } from './metrics/watch-count.ts';
import { tally } from './metrics/tally.ts';
import type { OperatorOptions } from './options.ts';
import { type Vitals, healthRoutes } from './serve/health.ts';
import { type Listening, serve } from '@distillation/runtime/http';

/** Assembles and starts the parts of the operator. */

interface OperatorSetup {
  readonly options: OperatorOptions;
  readonly version: string;
  readonly log: Logger;
  /** The lease is lost: another replica may lead from now on, and this process must exit at once. */
  readonly onLost: (why: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** Called after each call to the API server. */
  readonly onRequest?: (observation: Observation) => void;
  /** Wraps the transport to the API server, to inject faults. */
  readonly wrap?: (next: Transport) => Transport;
  /** Overrides the default timing of the watches. */
  readonly watchTiming?: Partial<ReflectorTiming>;
}

export interface RunningOperator {
  readonly metricsPort: number | undefined;
  readonly healthPort: number | undefined;
  /** Resolves to true when this replica has begun to reconcile, and to false when it was stopped before. */
  readonly working: Promise<boolean>;
  /** Waits for running reconciles, releases the lease and closes everything; takes about 3 s at most. */
  stop(): Promise<void>;
}

/** How long a stop waits for running reconciles: a pod is killed 30 s after SIGTERM, but a restart should be quick. */
const DRAIN_MS = 2500;
const LAST_EVENTS_MS = 1000;

/** Starts the operator: caches and probes at once, reconciling as soon as it leads. @throws DistillError for an invalid configuration */
export async function startOperator(setup: OperatorSetup): Promise<RunningOperator> {
  const { options, version, log, env = process.env } = setup;
  const parts = assemble(setup, await accessTo(options, env));
  const { caches, client, controller, elector, events, metrics, poller, scopes } = parts;
  const servers: Listening[] = [];
  const listen = async (address: OperatorOptions['healthAddress'], routes: Parameters<typeof serve>[1]) => {
    if (address === undefined) return undefined;
    const listening = await serve(address, routes);
    servers.push(listening);
    return listening.port;
  };
  const ask = (): Promise<unknown> => client.withTimeout(2000).get(LEASES, parts.lease);
  const healthPort = await listen(options.healthAddress, healthRoutes(parts.vitals, ask));
  const metricsPort = await listen(options.metricsAddress, {
    '/metrics': async () => ({
      status: 200,
      contentType: metrics.registry.contentType,
      body: await metrics.registry.metrics(),
    }),
  });
  log.info({ version, namespaces: options.namespaces, healthPort, metricsPort }, 'operator started');
  caches.start();
  scopes.start();
  let stopped = false;
  const working = begin();

  async function begin(): Promise<boolean> {
    if (!(await (elector?.lead() ?? true))) return false;
    await scopes.served();
    if (stopped) return false;
    log.info({ jobs: caches.jobs().length }, 'working');
    controller.start();
    poller.start();
    for (const { metadata } of caches.jobs()) controller.add(`${metadata.namespace}/${metadata.name}`);
    return true;
  }

  return {
    metricsPort,
    healthPort,
    working,
    stop: async () => {
      stopped = true;
      log.info('stopping');
      poller.stop();
      const drained = await within(DRAIN_MS, controller.stop());
      await Promise.all([
        // While a reconcile is still running, the lease must not be released: other replicas wait until it expires.
        drained ? elector?.stop() : undefined,
        events.close(LAST_EVENTS_MS),
        caches.stop(),
        scopes.stop(),
        ...servers.map((server) => server.close()),
      ]);
      await client.close();
      log.info({ drained }, 'stopped');
    },
  };
}

interface Parts {
  readonly client: KubeClient;
  readonly caches: InformerCaches;
  readonly controller: Controller;
  readonly poller: Poller;
  readonly scopes: Scopes;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  readonly elector: LeaderElector | undefined;
  readonly vitals: () => Vitals;
  /** The leader election Lease; set even without leader election. */
  readonly lease: { readonly namespace: string; readonly name: string };
}

function assemble(
  { options, version, log, onLost, onRequest, wrap, watchTiming, env = process.env }: OperatorSetup,
  access: Access,
): Parts {
  const namespace = env['POD_NAMESPACE'] ?? access.namespace ?? 'default';
  const identity = `${env['POD_NAME'] ?? hostname()}_${randomUUID().slice(0, 8)}`;
  const { propagateLabels } = options;
  let apiAnsweredAt: number | undefined;
  const metrics = createMetrics({ version, ...(propagateLabels !== undefined && { propagateLabels }) }, () => scrape());
  const watches = new WatchCount();
  const client = kubeClient(access.config, {
    onRequest: (observation) => {
      const { verb, resource, status, seconds } = observation;
      // Not Found and Forbidden show that the API server works; Unauthorized and server errors do not.
      if (status > 0 && status < 500 && status !== 401) apiAnsweredAt = performance.now();
      metrics.apiRequests.inc({ verb, resource, code: String(status) });
      metrics.apiSeconds.observe({ verb, resource }, seconds);
      onRequest?.(observation);
    },
    wrap: (next) => fenced(() => elector?.isLeader ?? true)(watches.wrap(wrap?.(next) ?? next)),
  });
  const events = new EventRecorder({
    client,
    controller: CONTROLLER,
    instance: identity,
    onDropped: (error) => {
      log.warn({ err: error }, 'dropped an event');
    },
  });
  const caches = new InformerCaches({
    client,
    namespaces: options.namespaces,
    onJob: (key) => {
      if (controller.isWorking) controller.add(key);
    },
    isEcho: (change): boolean => reconciler.isOwnUpdate(change),
    onGone: (uid) => {
      reconciler.forget(uid);
    },
    onRestart: (resource, reason) => {
      metrics.watchRestarts.inc({ resource, reason: reason.toLowerCase() });
    },
    onStanding: () => {
      scopes.update();
    },
    onError: (resource, error) => {
      // A refusal is logged once per namespace, when its scope changes.
      const isRefusal = isApiError(error, ({ isForbidden, isNotFound }) => isForbidden || isNotFound);
      log[isRefusal ? 'debug' : 'warn']({ resource, err: error }, 'list or watch failed, retrying');
    },
    ...(watchTiming === undefined ? {} : { timing: watchTiming }),
  });
  const poller = new Poller({
    intervalMs: options.pollIntervalMs,
    onNews: (key) => {
      controller.add(key);
    },
    onPoll: (result) => {
      metrics.polls.inc({ result });
    },
  });
  const reconciler = new Reconciler({
    client,
    caches,
    liveReads: new LiveReads(client),
    admits: (key) => scopes.admits(key),
    poller,
    events,
    metrics,
    config: childConfig(options, version),
    onWrite: (job, write, outcome) => {
      const name = write.type === 'Apply' ? write.object.metadata?.name : write.name;
      log.info(
        { job, write: write.type, ...('resource' in write ? { resource: write.resource } : {}), name, outcome },
        'wrote',
      );
    },
  });
  const controller = new Controller({
    reconciler,
    metrics,
    log,
    concurrency: options.concurrency,
    resyncMs: options.resyncMs,
  });
  const { leaseName, leaseNamespace = namespace, ...timing } = options.leaderElection;
  const lease = { namespace: leaseNamespace, name: leaseName };
  const elector = options.leaderElect
    ? new LeaderElector({
        client,
        ...lease,
        identity,
        ...timing,
        onLost,
        onError: (error) => {
          log.warn({ err: error }, 'could not read or write the lease');
        },
      })
    : undefined;

  const scopes = scopesOf({
    options,
    client,
    lease,
    caches,
    mayHold: () => elector?.isLeader ?? true,
    onReleased: (key) => {
      controller.add(key);
    },
    log,
    ...(watchTiming === undefined ? {} : { watchTiming }),
  });

  const runningMs = (): readonly number[] => controller.runningSince.map((since) => performance.now() - since);
  function scrape(): Scraped {
    const running = runningMs();
    return {
      ...(controller.isWorking && {
        work: tally(caches.jobs(), { ...(propagateLabels !== undefined && { propagateLabels }) }),
      }),
      scopes: scopes.views().map(({ scope, state }) => ({ scope, available: state === 'Available' })),
      leftNamespaces: scopes.left.length,
      cached: caches.sizes(),
      watches: watches.open(),
      queueDepth: controller.depth,
      activeReconciles: running.length,
      longestRunningSeconds: Math.max(0, ...running) / 1000,
      leader: controller.isWorking,
    };
  }
  const vitals = (): Vitals => ({
    now: performance.now(),
    scopes: scopes.views(),
    reconcilingSince: controller.runningSince,
    apiAnsweredAt,
    isWorking: controller.isWorking,
    ...(elector === undefined ? {} : { holdsLease: elector.isLeader }),
  });
  return { client, caches, controller, poller, scopes, events, metrics, elector, vitals, lease };
}

/** Whether a promise is fulfilled within a time limit. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, ms);
  });
  const result = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return result;
}
