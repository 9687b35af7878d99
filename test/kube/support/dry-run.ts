import { kubeClient } from '@distillation/kube/client';
import type { KubeObject, Resource } from '@distillation/kube/resources';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { adminConfig } from './support.ts';

/** Waits until the API server would refuse an object in these words: it heeds a quota or a limit a moment after it is there. Nothing is kept. */
export async function untilRefused<T extends KubeObject>(
  resource: Resource<T>,
  object: T,
  words: string,
): Promise<void> {
  const client = kubeClient(adminConfig(), {
    wrap: (next) => (call) => next({ ...call, path: `${call.path}?dryRun=All` }),
  });
  try {
    await until(`${resource.kind} is refused: ${words}`, () =>
      client.create(resource, object).then(
        () => false,
        (thrown: unknown) => {
          if (thrown instanceof Error && thrown.message.includes(words)) return true;
          throw thrown;
        },
      ),
    );
  } finally {
    await client.close();
  }
}
