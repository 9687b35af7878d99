import type { DistillationJob } from '@distillation/api/job';
import { readManifest, withBins } from '../../commands/manifest.ts';
import { wrapWidthOf } from '../../present/tables/columns.ts';
import { documentText } from '../../present/document.ts';
import { forecastTable } from '../../present/forecast.ts';
import { planTable } from '../../present/tables/plan-table.ts';
import { roomLines } from '../../present/tables/room-table.ts';
import type { FilesOptions } from '../files/options.ts';
import { mountsOf } from '../files/pod.ts';
import { findSettings } from '../files/settings.ts';
import { throughPod } from '../files/through-pod.ts';
import { manifestNamespace } from '../manifest-namespace.ts';
import { askPlan } from '../plan/ask.ts';
import { clusterPlan, type ClusterPlan } from '../plan/cluster-plan.ts';
import { resourcesFor } from '../plan/demand.ts';
import { planDocument } from '../plan/document.ts';
import { lookAround } from '../plan/room.ts';

export interface PlanOptions extends FilesOptions {
  readonly filename: string;
  readonly bins?: number;
  readonly output?: 'json' | 'yaml';
}

/** `plan` on a cluster: what a job would do and take, without making one. */
export async function planOnCluster(options: PlanOptions): Promise<void> {
  const job = withBins(await readManifest(options.filename, 'Cluster'), options.bins);
  const planned = await planThere(job, options);
  const { output } = options;
  if (output !== undefined) {
    process.stdout.write(documentText(planDocument(planned), output));
    return;
  }
  const { plan, schedule } = planned;
  const width = wrapWidthOf(process.stdout);
  const room = roomLines(planned, width);
  process.stdout.write(
    `${planTable(plan, schedule, { width, preprocessing: job.spec.teacher.preprocessing })}\n\n${forecastTable(plan, job.spec.scheduling)}\n\n${room.join('\n')}\n`,
  );
}

function planThere(job: DistillationJob, options: PlanOptions): Promise<ClusterPlan> {
  const { spec, metadata } = job;
  const mounts = mountsOf(spec.cluster);
  return throughPod(
    { ...options, hasLocal: true },
    async (access) => {
      const place = { ...access, namespace: manifestNamespace(job, { access, options, filename: options.filename }) };
      const seen = await lookAround(place, { claims: Object.values(mounts), cluster: spec.cluster });
      const template = spec.cluster.workerTemplate;
      const settings = await findSettings(place, { image: options.image, job: { name: metadata.name, template } });
      const resources = resourcesFor('planner', spec, seen.defaults ?? {});
      return { place, about: seen, pod: { settings, mounts, readOnly: true, resources, stopped: STOPPED } };
    },
    async (open, seen, display) => {
      display.log('The worker reads teacher and data on the volume.');
      return clusterPlan(spec, await askPlan(open, { job, mounts }), seen);
    },
  );
}

const STOPPED = { message: 'The planning was stopped.', fix: 'Nothing was made that stays.' };
