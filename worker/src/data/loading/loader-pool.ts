import { Worker } from 'node:worker_threads';
import { DistillError, toDistillError, internalError } from '@distillation/api/errors';
import type { BatchRequest, MadeBatch } from '../batch.ts';
import type { ThreadReply, ThreadRequest, ThreadSetup } from './loader-protocol.ts';

/** The loader's threads. They keep the process alive only while a batch is awaited, so a pool that was not closed delays no exit. */

interface Pending {
  readonly thread: Worker;
  readonly resolve: (batch: MadeBatch) => void;
  readonly reject: (error: DistillError) => void;
}

export class LoaderPool {
  readonly #pending = new Map<number, Pending>();
  readonly #threads: Worker[];
  #nextId = 0;
  #failure: DistillError | undefined;

  constructor(count: number, setup: ThreadSetup) {
    this.#threads = Array.from({ length: count }, () => this.#start(setup));
  }

  #start(setup: ThreadSetup): Worker {
    const thread = new Worker(new URL('./loader-thread.ts', import.meta.url), { workerData: setup, name: 'loader' });
    thread.on('message', (reply: ThreadReply) => {
      const pending = this.#settle(reply.id);
      if (pending === undefined) return;
      if ('batch' in reply) pending.resolve(reply.batch);
      else pending.reject(new DistillError(reply.error.code, reply.error.message, reply.error));
    });
    thread.on('error', (cause) => {
      this.#fail(toDistillError(cause));
    });
    thread.on('exit', (code) => {
      this.#fail(internalError(`A loader thread ended with exit code ${code}.`));
    });
    thread.unref();
    return thread;
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (pending !== undefined && this.#load(pending.thread) === 0) pending.thread.unref();
    return pending;
  }

  /** Number of batches that this thread has still to make. */
  #load(thread: Worker): number {
    let load = 0;
    for (const pending of this.#pending.values()) if (pending.thread === thread) load++;
    return load;
  }

  /** The end of one thread ends the pool, since its batches would be missing. */
  #fail(error: DistillError): void {
    this.#failure ??= error;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#failure);
  }

  /** Requests a batch from the least busy thread. */
  request(request: BatchRequest): Promise<MadeBatch> {
    const loads = this.#threads.map((thread) => this.#load(thread));
    const thread = this.#threads[loads.indexOf(Math.min(...loads))];
    if (thread === undefined || this.#failure !== undefined) {
      return Promise.reject(this.#failure ?? internalError('The loader has no threads.'));
    }
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { thread, resolve, reject });
      thread.ref();
      const message: ThreadRequest = { id, request };
      thread.postMessage(message);
    });
  }

  /** Ends the threads and rejects batches that are still awaited. */
  async close(): Promise<void> {
    this.#fail(internalError('The loader is closed.'));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}
