import { compareVersions } from '../kube/store.ts';
import type { DistillationJobObject } from '../lifecycle/snapshot.ts';

/**
 * What the API server answered to the operator's own status writes. The cache learns of them a little later; a decision made from the
 * older state in between would be made twice, with its events and its counts.
 */
export class OwnWrites {
  readonly #written = new Map<string, DistillationJobObject>();

  keep(job: DistillationJobObject): void {
    this.#written.set(job.metadata.uid, job);
  }

  /** The cached job, or what was written since it. */
  newer(cached: DistillationJobObject): DistillationJobObject {
    const { uid, resourceVersion } = cached.metadata;
    const written = this.#written.get(uid);
    if (written === undefined) return cached;
    const order = compareVersions(resourceVersion, written.metadata.resourceVersion);
    if (order !== undefined && order < 0) return written;
    this.#written.delete(uid);
    return cached;
  }

  forget(uid: string): void {
    this.#written.delete(uid);
  }
}
