/**
 * The rules by which kstatus judges an object that it does not know (kubernetes-sigs/cli-utils, pkg/kstatus/status/generic.go), which
 * Flux, kpt and `kubectl` plugins use: an oracle for the tests of our conditions.
 */
interface Judged {
  readonly metadata: { readonly generation: number; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export type Kstatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating';

export function kstatusOf({ metadata, status }: Judged): Kstatus {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (status?.observedGeneration !== undefined && status.observedGeneration !== metadata.generation)
    return 'InProgress';
  const conditions = status?.conditions ?? [];
  for (const { type, status: holds } of conditions) {
    if (type === 'Reconciling' && holds === 'True') return 'InProgress';
    if (type === 'Stalled' && holds === 'True') return 'Failed';
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}
