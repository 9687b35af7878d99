import { DistillError } from '@distillation/api/errors';
import { readDecimal } from '@distillation/api/decimal';
import type { FineTuningSpec } from '@distillation/api/job';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from '../../backend/tf.ts';

/** The parts of the fine-tuning loss; at least one is present. */
interface LossParts {
  /** Cross-entropy with the labels. */
  readonly labels: boolean;
  /** Kullback-Leibler divergence from the teacher (Hinton et al. 2015). */
  readonly teacher?: { readonly weight: number; readonly temperature: number };
}

/** @throws DistillError DISTILL_E_MANIFEST_INVALID when neither labels nor teacher are used */
export function lossParts(spec: Pick<FineTuningSpec, 'labels' | 'teacherLogits'>): LossParts {
  const labels = spec.labels === 'Used';
  if (spec.teacherLogits === undefined) {
    if (!labels) {
      throw new DistillError(
        'DISTILL_E_MANIFEST_INVALID',
        '`labels: None` leaves nothing to learn from without `teacherLogits`.',
        {
          subject: 'spec.fineTuning',
        },
      );
    }
    return { labels };
  }
  const { weight, temperature } = spec.teacherLogits;
  return { labels, teacher: { weight: readDecimal(weight), temperature: readDecimal(temperature) } };
}

interface LossInputs {
  /** [count, classes]. */
  readonly student: Tensor2D;
  /** int32, one class per sample. */
  readonly labels: Tensor1D;
  /** [count, classes], for the same images; needed for the teacher's part. */
  readonly teacher?: Tensor2D;
}

/**
 * Mean loss of a batch: cross-entropy + weight x T^2 x KL(softmax(teacher/T) || softmax(student/T)). The factor T^2 keeps the
 * gradient of the second part at the same scale for every T.
 */
export function distillationLoss(tf: Tf, parts: LossParts, { student, labels, teacher }: LossInputs): Scalar {
  const terms: Scalar[] = [];
  const classes = student.shape[1];
  if (parts.labels) {
    const right = tf.oneHot(labels, classes).toFloat();
    terms.push(tf.neg(tf.mean(tf.sum(tf.mul(right, tf.logSoftmax(student)), -1))));
  }
  if (parts.teacher !== undefined && teacher !== undefined) {
    const { weight, temperature } = parts.teacher;
    const target = tf.logSoftmax(tf.div<Tensor2D>(teacher, temperature));
    const mine = tf.logSoftmax(tf.div<Tensor2D>(student, temperature));
    const divergence = tf.mean<Scalar>(tf.sum(tf.mul(tf.exp(target), tf.sub(target, mine)), -1));
    terms.push(tf.mul(divergence, weight * temperature * temperature));
  }
  return tf.addN(terms);
}
