import type { AnswerBody, Transport } from '@distillation/kube/transport';

/** Counts the open watch connections to the API server: more than one per resource and namespace is a leak. */
export class WatchCount {
  readonly #open = new Map<string, number>();

  /** By resource; a resource that was once watched stays, with 0. */
  open(): Record<string, number> {
    return Object.fromEntries(this.#open);
  }

  wrap(next: Transport): Transport {
    return async (call) => {
      const answer = await next(call);
      if (call.verb !== 'watch' || answer.status !== 200) return answer;
      this.#add(call.resource, 1);
      let isOpen = true;
      const closed = (): void => {
        if (isOpen) this.#add(call.resource, -1);
        isOpen = false;
      };
      return { ...answer, body: told(answer.body, closed) };
    };
  }

  #add(resource: string, change: number): void {
    this.#open.set(resource, (this.#open.get(resource) ?? 0) + change);
  }
}

/** The body, with a callback for its end: the client destroys it in every case. */
const told = (body: AnswerBody, closed: () => void): AnswerBody => ({
  [Symbol.asyncIterator]: () => body[Symbol.asyncIterator](),
  text: () => body.text(),
  destroy: () => {
    closed();
    body.destroy();
  },
});
