import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../tf.ts';
import { canCompile, type Compiled, compile } from './compile.ts';

/** Batches of a size before the one with which the function is compiled: for so few it is not worth it. */
const UNCOMPILED = 1;

/**
 * What networks make of one batch after the other. Batches of the largest size so far are computed by a graph from the third of them on: those
 * that are smaller are the last, or lack images that cannot be read. Which they are depends on the batches alone, so that every run
 * computes the same bits.
 */
export class Forward {
  readonly #tf: Tf;
  readonly #run: (images: Tensor) => Tensor[];
  /** Until it has been tried for this size; a function that no graph can express is run as it is. */
  #isToCompile = false;
  /** Of the largest batch. */
  #size = 0;
  /** So large ones. */
  #batches = 0;
  #compiled: Compiled | undefined;

  constructor(tf: Tf, run: (images: Tensor) => Tensor[]) {
    this.#tf = tf;
    this.#run = run;
  }

  /** Call it inside a tidy. */
  of(images: Tensor): Tensor[] {
    const [size = 0] = images.shape;
    if (size > this.#size) this.#begin(size);
    if (size < this.#size) return this.#run(images);
    this.#batches += 1;
    if (this.#batches <= UNCOMPILED) return this.#run(images);
    if (!this.#isToCompile) return this.#compiled?.run([images]) ?? this.#run(images);
    this.#isToCompile = false;
    let outputs: Tensor[] | undefined;
    this.#compiled = compile(this.#tf, [images], () => (outputs = this.#run(images)));
    return outputs ?? this.#run(images);
  }

  #begin(size: number): void {
    this.dispose();
    this.#size = size;
    this.#batches = 0;
    this.#isToCompile = canCompile(this.#tf);
  }

  dispose(): void {
    this.#compiled?.dispose();
    this.#compiled = undefined;
  }
}
