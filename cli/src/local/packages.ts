import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import addon from '@distillation/native-addon/package.json' with { type: 'json' };
import worker from '@distillation/worker/package.json' with { type: 'json' };

/** Packages of npm that local mode computes with, by name, with their versions. The CLI's package does not bring them. */
export const LOCAL_PACKAGES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ ...worker.dependencies, ...addon.dependencies }).filter(
    ([name]) => !name.startsWith('@distillation/'),
  ),
);

/** Without these it computes too, more slowly or without the speed in ONNX Runtime, and says so. */
const NATIVE = ['@tensorflow/tfjs-node', 'onnxruntime-node'];

const require = createRequire(import.meta.url);

/** Whether npm has installed a package where this program finds it. */
const isInstalled = (name: string): boolean =>
  (require.resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name, 'package.json')));

/** @throws DistillError DISTILL_E_LOCAL_PACKAGES, with the command that installs what is missing */
export function requireLocalPackages(isThere: (name: string) => boolean = isInstalled): void {
  const missing = Object.keys(LOCAL_PACKAGES).filter((name) => !isThere(name));
  if (missing.every((name) => NATIVE.includes(name))) return;
  const wanted = missing.map((name) => `${name}@${LOCAL_PACKAGES[name] ?? ''}`).join(' ');
  throw new DistillError(
    'DISTILL_E_LOCAL_PACKAGES',
    `Local mode computes on this machine, by packages that this installation of kubectl-distill has not: ${missing.join(', ')}.`,
    {
      subject: '--local',
      // Not globally: there each package has its own copy of TensorFlow.js, and the native library would serve another one than ours.
      fix:
        'Run it in a checkout of the repository, after `npm ci`; or install the CLI and them in a folder of their own, with Node 22: ' +
        `\`npm install --ignore-scripts kubectl-distill-VERSION.tgz ${wanted}\`, and there \`npx kubectl-distill\`. ` +
        'On a cluster: the same command without --local.',
    },
  );
}
