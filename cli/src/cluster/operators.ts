import type { WireDeployment } from '@distillation/kube/wire';

/** How the operator's Deployment is known, and what its flags say. */

/** The label by which chart and kustomization mark it; what else they mark it with differs. */
export const OPERATOR_SELECTOR = 'app.kubernetes.io/name=distillation-operator';

/** Values of a flag of the operator, in their order: of `--flag=value` and of `--flag value`. */
export function flagValues({ spec }: WireDeployment, flag: string): string[] {
  const args = spec?.template.spec?.containers[0]?.args ?? [];
  return args.flatMap((arg, at) => {
    if (arg.startsWith(`--${flag}=`)) return [arg.slice(flag.length + 3)];
    const next = args[at + 1];
    return arg === `--${flag}` && next !== undefined ? [next] : [];
  });
}
