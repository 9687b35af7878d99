import { type Answer, type Routes, text } from '@distillation/runtime/http';
import type { PodProgress } from '@distillation/api/progress';
import type { Verdict } from './watchdog.ts';

/** What the routes serve. */
interface Answers {
  /** Undefined as long as there is no plan. */
  readonly progress: () => Promise<PodProgress | undefined>;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly health: () => Verdict;
}

const json = (status: number, value: unknown): Answer => ({
  status,
  contentType: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});

const seconds = (ms: number): string => (ms / 1000).toFixed(0);

export function routes({ progress, metrics, health }: Answers): Routes {
  return {
    '/progress': async () => {
      const live = await progress();
      return live === undefined ? json(503, { error: 'There is no plan yet.' }) : json(200, live);
    },
    '/metrics': async () => {
      const { contentType, text: body } = await metrics();
      return { status: 200, contentType, body };
    },
    '/healthz': () => {
      const { alive, silentMs, limitMs } = health();
      return alive
        ? text(200, `ok: got on ${seconds(silentMs)} s ago\n`)
        : text(503, `hangs: got on ${seconds(silentMs)} s ago, ${seconds(limitMs)} s are allowed\n`);
    },
  };
}
