/**
 * Kullback-Leibler divergence of a network's output from the teacher's, in nats, in doubles and in the order of the samples: the same to
 * the bit wherever the outputs are. Probabilities are taken for the logits that their logarithms are, as in fine-tuning.
 */

type Outputs = 'Logits' | 'Probabilities';

/** Logarithms of the probabilities of a batch, [count, classes] row-major. */
export function logProbabilities(scores: ArrayLike<number>, classes: number, outputs: Outputs): Float64Array {
  const logs = Float64Array.from(scores, outputs === 'Logits' ? (z) => z : (p) => Math.log(Math.max(p, 1e-7)));
  for (let row = 0; row < logs.length; row += classes) {
    let largest = -Infinity;
    for (let i = row; i < row + classes; i++) largest = Math.max(largest, logs[i] ?? 0);
    let sum = 0;
    for (let i = row; i < row + classes; i++) sum += Math.exp((logs[i] ?? 0) - largest);
    const log = largest + Math.log(sum);
    for (let i = row; i < row + classes; i++) logs[i] = (logs[i] ?? 0) - log;
  }
  return logs;
}

/** Adds up the divergences of samples, batch by batch. */
export class DivergenceSum {
  #sum = 0;
  #samples = 0;

  /** @param teacher @param network logarithms of probabilities, [count, classes] row-major */
  add(teacher: Float64Array, network: Float64Array, classes: number): void {
    for (let row = 0; row < teacher.length; row += classes) {
      let divergence = 0;
      for (let i = row; i < row + classes; i++) {
        const expected = teacher[i] ?? 0;
        divergence += Math.exp(expected) * (expected - (network[i] ?? 0));
      }
      this.#sum += divergence;
      this.#samples += 1;
    }
  }

  /** Nats a sample; not finite where a network computed something that is not. Rounding never makes it negative. */
  get mean(): number {
    return this.#samples === 0 ? 0 : this.#sum < 0 ? 0 : this.#sum / this.#samples;
  }
}
