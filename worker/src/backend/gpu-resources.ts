import { readdirSync } from 'node:fs';

/**
 * One line about the GPUs that this process, such as a pod's, was given. When TensorFlow sees none, it distinguishes a missing
 * device plugin from a wrong image or driver.
 */
export function describeGpuResources(
  env: Readonly<Record<string, string | undefined>> = process.env,
  devices = '/dev',
): string {
  let files: string[] = [];
  try {
    files = readdirSync(devices).filter((name) => /^nvidia\d+$|^nvidiactl$|^nvidia-caps$|^dxg$/.test(name));
  } catch {
    // Without a folder of devices, none was given.
  }
  const variables = ['NVIDIA_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES']
    .filter((name) => env[name] !== undefined)
    .map((name) => `${name}=${env[name] ?? ''}`);
  const given =
    files.length === 0 ? `no GPU device file in ${devices}` : files.map((name) => `${devices}/${name}`).join(', ');
  return [
    'the pod has',
    given,
    variables.length === 0 ? 'and no NVIDIA_VISIBLE_DEVICES' : `and ${variables.join(', ')}`,
  ].join(' ');
}
