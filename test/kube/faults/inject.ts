import { linesOf } from '@distillation/kube/json-lines';
import type { Answer, AnswerBody, Call, Transport } from '@distillation/kube/transport';
import { type RandomStream, randomStream } from '@distillation/core/random';
import { tally } from './tally.ts';

/** Faults between an operator and the API server, as wrappers of its transport. */

/** A write of the operator as such; renewing its lease is not one. */
export const isWrite = ({ method, resource }: Pick<Call, 'method' | 'resource'>): boolean =>
  method !== 'GET' && resource !== 'leases';

/** An error as undici throws it when the peer resets the connection. */
const reset = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/** An operator that can be killed: from then on none of its calls is sent, and it receives no response. */
export class Mortal {
  /** Resolves at its death. */
  readonly died: Promise<void>;
  #die: () => void = () => undefined;
  #dead = false;
  #writes = 0;
  readonly #dying: Dying | undefined;

  /** @param dying without one it dies when `kill` is called */
  constructor(dying?: Dying) {
    this.#dying = dying;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  isDead(): boolean {
    return this.#dead;
  }

  kill(): void {
    this.#dead = true;
    this.#die();
  }

  readonly wrap =
    (next: Transport): Transport =>
    async (call) => {
      if (this.#dead) throw reset();
      const isLast = isWrite(call) && ++this.#writes === this.#dying?.write;
      const answer = await next(call);
      const wasDead = this.isDead();
      if (isLast) this.kill();
      // Its own code goes on with the last answer, as far as it gets without another call.
      if (isLast ? this.#dying.learnsOfIt : !wasDead) return answer;
      answer.body.destroy();
      throw reset();
    };
}

interface Dying {
  /** Number of the write with which it dies, from 1; it has its effect. */
  readonly write: number;
  /** Whether it still gets the answer. */
  readonly learnsOfIt: boolean;
}

/** How a call may go wrong. */
export const TROUBLES = ['409', '429', '500', 'reset before', 'reset after'] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** Calls of every kind go wrong at a rate; which ones is decided by the seed. */
export const troubled =
  (kinds: readonly TroubleKind[], { rate, seed }: { readonly rate: number; readonly seed: string }) =>
  (next: Transport): Transport => {
    const random = randomStream('troubled', seed);
    return async (call) => {
      const kind = kinds[random.below(kinds.length)];
      if (random.next() >= rate || kind === undefined) return next(call);
      // Reads do not conflict.
      if (kind === '409' && !isWrite(call)) return next(call);
      tally(kind === 'reset before' || kind === 'reset after' ? `connection ${kind} the call` : `answer ${kind}`);
      switch (kind) {
        case '409':
          return refusal(
            409,
            'Conflict',
            'the object has been modified; please apply your changes to the latest version',
          );
        case '429':
          return { ...refusal(429, 'TooManyRequests', 'too many requests, please try again later'), retryAfter: '1' };
        case '500':
          return refusal(500, 'InternalError', 'etcdserver: request timed out');
        case 'reset before':
          throw reset();
        case 'reset after': {
          const answer = await next(call);
          if (call.verb === 'watch') answer.body.destroy();
          else await answer.body.text();
          throw reset();
        }
      }
    };
  };

export function refusal(code: number, reason: string, message: string): Answer {
  const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
  return { status: code, body: bodyOf(text) };
}

const bodyOf = (text: string): AnswerBody => ({
  [Symbol.asyncIterator]: async function* () {
    yield await Promise.resolve(Buffer.from(text));
  },
  text: () => Promise.resolve(text),
  destroy: () => undefined,
});

/** Every third event of the watches is lost, duplicated or swapped with the next one. */
export const garbled =
  (seed: string) =>
  (next: Transport): Transport => {
    let watches = 0;
    return async (call) => {
      const answer = await next(call);
      if (call.verb !== 'watch' || answer.status !== 200) return answer;
      const random = randomStream('garbled', seed, call.resource, watches++);
      return withLines(answer, (lines) => garble(lines, random));
    };
  };

async function* garble(lines: AsyncIterable<string>, random: RandomStream): AsyncGenerator<string> {
  let held: string | undefined;
  for await (const line of lines) {
    const fate = (['lost', 'doubled', 'swapped'] as const)[random.below(9)];
    const isHeld = fate === 'swapped' && held === undefined;
    if (isHeld || fate !== 'swapped') tallyEvent(fate);
    if (fate === 'lost') continue;
    if (isHeld) {
      held = line;
      continue;
    }
    yield line;
    if (fate === 'doubled') yield line;
    if (held !== undefined) yield held;
    held = undefined;
  }
}

function tallyEvent(fate: 'lost' | 'doubled' | 'swapped' | undefined): void {
  if (fate !== undefined) tally(`watch event ${fate}`);
}

/** The answer of a watch with other lines. */
function withLines(answer: Answer, change: (lines: AsyncIterable<string>) => AsyncIterable<string>): Answer {
  const { body } = answer;
  async function* changed(): AsyncGenerator<Uint8Array> {
    for await (const line of change(linesOf(body))) yield Buffer.from(`${line}\n`);
  }
  return {
    ...answer,
    body: {
      [Symbol.asyncIterator]: changed,
      text: () => body.text(),
      destroy: () => {
        body.destroy();
      },
    },
  };
}

/** An operator whose caches can be made stale: the events of its watches are held back, and so is one of its writes. */
export class Frozen {
  /** Resolves when the write that was chosen is held; from then on nothing is heard of the cluster. */
  readonly held: Promise<void>;
  readonly #chosen: (call: Call, write: number) => boolean;
  readonly #gates = { write: gate(), watches: gate() };
  #reached: () => void = () => undefined;
  #writes = 0;
  #isFrozen = false;

  /** @param chosen says which write is held, by the call and its number from 1 */
  constructor(chosen: (call: Call, write: number) => boolean) {
    this.#chosen = chosen;
    this.held = new Promise((resolve) => {
      this.#reached = resolve;
    });
  }

  /** Lets the write go out, and all that follow from the same view of the past. */
  release(): void {
    this.#gates.write.open();
  }

  /** Lets the watches catch up. */
  thaw(): void {
    this.#gates.watches.open();
  }

  readonly wrap =
    (next: Transport): Transport =>
    async (call) => {
      // Events are about the job, and go by themselves.
      const counts = isWrite(call) && call.resource !== 'events' && !this.#isFrozen;
      if (counts && this.#chosen(call, ++this.#writes)) {
        this.#isFrozen = true;
        this.#reached();
        await this.#gates.write.opened;
      }
      const answer = await next(call);
      return call.verb === 'watch' && answer.status === 200 ? withLines(answer, (lines) => this.#late(lines)) : answer;
    };

  async *#late(lines: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const line of lines) {
      if (this.#isFrozen) await this.#gates.watches.opened;
      yield line;
    }
  }
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    opened,
    open: () => {
      open();
    },
  };
}
