import type { Plan } from '@distillation/api/plan';
import type { NetworkFigures, Report } from '@distillation/api/report';
import { firstSpeed, timesAsFast } from '@distillation/api/report-words';
import type { NetworkSummary, PlanSummary, ResultSummary } from '@distillation/api/termination';

/** The summaries of plan and result that the operator receives. */

/** The significant digits of an accuracy; more would only fill the termination message. */
const rounded = (value: number): number => Number(value.toPrecision(6));

export function planSummary(plan: Plan): PlanSummary {
  const { key, recipe, epochs, stepsPerEpoch, costUnit, costSource, teacher, dataset, unmatched } = plan;
  const { sha256, params, macs, validationAccuracy } = teacher;
  const { train, validation, test } = dataset;
  return {
    version: 1,
    key,
    recipe,
    epochs,
    stepsPerEpoch,
    costUnit,
    costSource,
    samples: { train, validation, test },
    teacher: {
      sha256,
      params,
      macs,
      replacedMacs: plan.blocks.reduce((sum, { layer }) => sum + layer.macs, 0),
      ...(validationAccuracy !== undefined && { validationAccuracy: rounded(validationAccuracy) }),
    },
    datasetSha256: dataset.sha256,
    kept: plan.kept.length,
    ...(unmatched !== undefined && { unmatched }),
    blocks: plan.blocks.map(({ name, cost }) => ({ name, cost })),
  };
}

export function resultSummary(report: Report): ResultSummary {
  const { provenance, outcome, teacher, student, blocks, time } = report;
  return {
    recipe: provenance.recipe,
    outcome,
    teacher: networkSummary(teacher),
    student: networkSummary(student),
    studentSha256: provenance.studentSha256,
    ...speedup(report),
    blocks: blocks.map(({ name, selected, accuracy }) => ({
      block: name,
      selected,
      ...(accuracy !== undefined && { accuracy: rounded(accuracy) }),
    })),
    seconds: {
      ...(time.trainingSeconds !== undefined && { training: rounded(time.trainingSeconds) }),
      finalize: rounded(time.finalizeSeconds),
    },
  };
}

function speedup(report: Report): Pick<ResultSummary, 'speedup'> {
  const row = firstSpeed(report);
  return row === undefined || row.studentMs <= 0 ? {} : { speedup: rounded(timesAsFast(row)) };
}

function networkSummary({ testAccuracy, params, macs }: NetworkFigures): NetworkSummary {
  return { ...(testAccuracy !== undefined && { testAccuracy }), params, macs };
}
