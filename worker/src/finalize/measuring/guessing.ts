import { DistillError } from '@distillation/api/errors';
import { percent, plural } from '@distillation/api/format';
import type { Split } from '../../data/types.ts';
import type { Score } from '../select.ts';

/**
 * The one rule for "this teacher only guesses", used by planner and finalizer. The chance level is estimated from the samples
 * themselves: a network that ignores the image agrees with the labels as often as two independent draws would, one from the
 * distribution of its answers, one from that of the labels (the expected agreement in Cohen's kappa, 1960). A network that always
 * names the most frequent class is thereby found to be guessing, however frequent that class is.
 */

/** How often a network's answers agree with the labels, and how often they would by chance. */
export interface Agreement extends Score {
  /** Share of samples, 0 to 1, on which an answer that ignores the image would be correct. */
  readonly chance: number;
  /** Number of distinct classes among the labels, and among the answers. */
  readonly labels: number;
  readonly answers: number;
}

/** Counts answers against labels, batch by batch. */
export class AgreementCount {
  #correct = 0;
  #total = 0;
  readonly #labels = new Map<number, number>();
  readonly #answers = new Map<number, number>();

  /** @param answers class index with the highest score, one per sample. @param labels class index, one per sample. */
  add(answers: ArrayLike<number>, labels: ArrayLike<number>): void {
    for (let i = 0; i < labels.length; i++) {
      const [answer = -1, label = -1] = [answers[i], labels[i]];
      this.#correct += Number(answer === label);
      this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1);
      this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
    }
    this.#total += labels.length;
  }

  get result(): Agreement {
    const total = this.#total;
    let pairs = 0;
    for (const [label, count] of this.#labels) pairs += count * (this.#answers.get(label) ?? 0);
    return {
      correct: this.#correct,
      total,
      chance: total === 0 ? 0 : pairs / total ** 2,
      labels: this.#labels.size,
      answers: this.#answers.size,
    };
  }
}

/** `Unclear`: there are too few samples to decide. */
type Knowledge = 'Knows' | 'Guesses' | 'Unclear';

/** An accuracy of at least this many times chance is no guessing; this decides where many classes make chance small. */
const TIMES_CHANCE = 1.5;
/** Neither is one at least this fraction of the way from chance to perfect; this decides where chance is large. */
const PART_OF_THE_WAY = 0.05;
/** The fraction of that way that any network worth distilling has surely reached. */
const DECENT = 0.25;
/** Probability with which a decent network may be mistaken for one that guesses. */
const ERROR = 0.05;

/**
 * Whether a network knows the classes of these samples. It guesses when its accuracy is neither above 1.5 times chance nor
 * more than a twentieth of the way from chance to perfect, provided that there are enough samples: a network that has reached
 * a quarter of that way would do so badly with a probability below 5 %.
 */
export function judgeKnowledge({ correct, total, chance, labels, answers }: Agreement): Knowledge {
  // Samples of a single class do not show whether a network can tell classes apart.
  if (labels < 2) return 'Unclear';
  const ahead = (part: number): number => chance + part * (1 - chance);
  if (correct > total * Math.min(TIMES_CHANCE * chance, ahead(PART_OF_THE_WAY))) return 'Knows';
  const isUnlikely = atMost(correct, total, ahead(DECENT)) < ERROR;
  // A decent network would have recognised that fraction of the samples of the classes that are never answered.
  const neverAnswered = answers === 1 ? total - correct : 0;
  return isUnlikely || (1 - DECENT) ** neverAnswered < ERROR ? 'Guesses' : 'Unclear';
}

/** @throws DistillError DISTILL_E_TEACHER_ACCURACY when the teacher only guesses; too few samples to decide are accepted */
export function refuseGuessing(agreement: Agreement, split: Split): void {
  if (judgeKnowledge(agreement) !== 'Guesses') return;
  const { correct, total, chance, answers } = agreement;
  const always = answers === 1 ? ' It gives the same class for every image.' : '';
  throw new DistillError(
    'DISTILL_E_TEACHER_ACCURACY',
    `The teacher gives the right class for ${percent(correct / total)} of ${plural(total, `${split} sample`)}, where chance is ${percent(chance)}.${always}`,
    { subject: 'spec.teacher.preprocessing' },
  );
}

/** Probability of at most `successes` successes in `trials` trials: the binomial distribution, summed in logarithms. */
function atMost(successes: number, trials: number, probability: number): number {
  const odds = Math.log(probability / (1 - probability));
  let term = trials * Math.log1p(-probability);
  let sum = Math.exp(term);
  for (let k = 0; k < successes; k++) {
    term += Math.log((trials - k) / (k + 1)) + odds;
    sum += Math.exp(term);
  }
  return sum;
}
