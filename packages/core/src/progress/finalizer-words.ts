import type { FinalizerProgress } from '@distillation/api/ledger';

/** What the finalizer does now, in words without a full stop: "Fine-tuning, epoch 2 of 5". */
export function finalizerWords({ stage, epoch = 1, epochs }: FinalizerProgress): string {
  switch (stage) {
    case 'Measure':
      return 'Measuring each block in the teacher';
    case 'FineTune':
      return `Fine-tuning, epoch ${epoch} of ${epochs}`;
    case 'Control':
      return `Fine-tuning the teacher as the control, epoch ${epoch} of ${epochs}`;
    case 'Evaluate':
      return 'Evaluating teacher and student on the test split';
    case 'Export':
      return 'Writing student and report';
  }
}
