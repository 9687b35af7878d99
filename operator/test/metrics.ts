import { execFileSync } from 'node:child_process';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** Checks of Prometheus' naming conventions (practices/naming and practices/instrumentation). */

type Metric = MetricObjectWithValues<MetricValue<string>>;

/** Labels that Prometheus or its operator sets itself, or that would grow without a limit. */
const FORBIDDEN_LABELS = /^(job|instance|le|quantile|__.*|name|namespace|pod|uid|node|message)$/;
/** Units other than the base ones. */
const WRONG_UNITS = /_(ms|milliseconds|minutes|hours|secs?|kb|mb|kilobytes|percent|percentage)(_|$)/;
const TYPE_IN_NAME = /_(counter|gauge|histogram|summary|metric)(_|$)/;

const complain = (metric: Metric, wrong: boolean, what: string): string[] => (wrong ? [`${metric.name}: ${what}`] : []);
const typeOf = (metric: Metric): string => String(metric.type);

function labelsOf(metric: Metric): string[] {
  const labels = new Set(metric.values.flatMap(({ labels: given }) => Object.keys(given)));
  if (typeOf(metric) === 'histogram') labels.delete('le');
  if (typeOf(metric) === 'summary') labels.delete('quantile');
  return [...labels];
}

/** What is wrong with the metrics of this project, one line each. */
export function lintMetrics(metrics: readonly Metric[], prefix: string): string[] {
  return metrics.flatMap((metric) => {
    const { name, help } = metric;
    const isHistogram = typeOf(metric) === 'histogram';
    return [
      ...complain(metric, !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name), 'is not snake_case'),
      ...complain(metric, !name.startsWith(prefix), `lacks the prefix ${prefix}`),
      ...complain(metric, !/^[A-Z].{10,}\.$/.test(help), `needs a sentence as its help, has "${help}"`),
      ...complain(metric, isHistogram && !/_(seconds|bytes|ratio)$/.test(name), 'has no base unit'),
      ...labelsOf(metric).flatMap((label) => [
        ...complain(metric, FORBIDDEN_LABELS.test(label), `must not have the label ${label}`),
        ...complain(metric, !/^[a-z][a-z0-9_]*$/.test(label), `has the label ${label}, which is not snake_case`),
      ]),
      ...promlint([metric]),
    ];
  });
}

/** Abbreviated units, as `promtool check metrics` has them. */
const ABBREVIATED = ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'];

/** The rules of `promtool check metrics`, which apply to metrics of libraries too. */
export function promlint(metrics: readonly Metric[]): string[] {
  return metrics.flatMap((metric) => {
    const { name } = metric;
    const type = typeOf(metric);
    const isCounter = type === 'counter';
    const isDistribution = type === 'histogram' || type === 'summary';
    const names = [name, ...labelsOf(metric)];
    return [
      ...complain(metric, metric.help === '', 'has no help'),
      ...complain(metric, isCounter !== name.endsWith('_total'), 'ends in _total if and only if it is a counter'),
      ...complain(metric, /_(count|sum|bucket)$/.test(name), 'has a suffix of histograms'),
      ...complain(
        metric,
        !isDistribution && names.some((one) => one === 'le' || one === 'quantile'),
        'has their label',
      ),
      ...complain(metric, WRONG_UNITS.test(name), 'is not in a base unit'),
      ...complain(metric, ABBREVIATED.includes(name.split('_').at(-1) ?? ''), 'abbreviates its unit'),
      ...complain(metric, TYPE_IN_NAME.test(name), 'names its type'),
      ...complain(metric, name.includes(':'), 'has a colon, which is for recording rules'),
      ...complain(
        metric,
        names.some((one) => /[a-z][A-Z]/.test(one)),
        'is in camelCase',
      ),
    ];
  });
}

/** Complaints of Prometheus' own tool about a scrape; undefined where the tool is not installed. */
export function promtoolOn(scrape: string): string | undefined {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  try {
    return execFileSync('promtool', ['check', 'metrics'], { input: scrape, encoding: 'utf8', stdio: 'pipe' });
  } catch (thrown) {
    return thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : String(thrown);
  }
}
