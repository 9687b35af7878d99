import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** Prometheus' naming conventions (practices/naming and instrumentation), as far as a program can check them. */

type Metric = MetricObjectWithValues<MetricValue<string>>;

/** Labels that Prometheus or its operator sets itself, or that grow with the number of jobs. */
const FORBIDDEN_LABELS = /^(job|instance|le|quantile|__.*|name|namespace|pod|uid|node|message)$/;
/** Units other than the base ones. */
const WRONG_UNITS = /_(ms|milliseconds|minutes|hours|secs?|kb|mb|kilobytes|percent|percentage)(_|$)/;
const TYPE_IN_NAME = /_(counter|gauge|histogram|summary|metric)(_|$)/;

/** What is wrong with the metrics, a line each. */
export function lintMetrics(metrics: readonly Metric[], prefix: string): string[] {
  return metrics.flatMap((metric) => {
    const type = String(metric.type);
    const isCounter = type === 'counter';
    const complain = (wrong: boolean, what: string): string[] => (wrong ? [`${metric.name}: ${what}`] : []);
    const labels = new Set(metric.values.flatMap(({ labels: given }) => Object.keys(given)));
    if (type === 'histogram') labels.delete('le');
    return [
      ...complain(!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(metric.name), 'is not snake_case'),
      ...complain(!metric.name.startsWith(prefix), `lacks the prefix ${prefix}`),
      ...complain(!/^[A-Z].{10,}\.$/.test(metric.help), `needs a sentence as its help, has "${metric.help}"`),
      ...complain(isCounter !== metric.name.endsWith('_total'), 'ends in _total if and only if it is a counter'),
      ...complain(type === 'histogram' && !/_(seconds|bytes|ratio)$/.test(metric.name), 'has no base unit'),
      ...complain(/_(count|sum|bucket)$/.test(metric.name), 'has a suffix of histograms'),
      ...complain(WRONG_UNITS.test(metric.name), 'is not in a base unit'),
      ...complain(TYPE_IN_NAME.test(metric.name), 'names its type'),
      ...[...labels].flatMap((label) => [
        ...complain(FORBIDDEN_LABELS.test(label), `must not have the label ${label}`),
        ...complain(!/^[a-z][a-z0-9_]*$/.test(label), `has the label ${label}, which is not snake_case`),
      ]),
    ];
  });
}
