import { writeFile } from 'node:fs/promises';

/**
 * The worker's last words, where the parent finds them: a pod's termination message (the kubelet copies it to the pod's
 * status, 4 KiB at most) or, on a laptop, the file that the parent names in DISTILL_TERMINATION_LOG.
 */
const KUBERNETES_PATH = '/dev/termination-log';
const LIMIT = 4096;

/** Error or summary as JSON of at most 4 KiB. A message that cannot be written is no failure: the exit code still tells. */
export async function writeTermination(message: Readonly<Record<string, unknown>>): Promise<void> {
  const path = process.env['DISTILL_TERMINATION_LOG'] ?? KUBERNETES_PATH;
  let text = JSON.stringify(message);
  if (Buffer.byteLength(text) > LIMIT && typeof message['message'] === 'string') {
    text = JSON.stringify({ ...message, message: `${message['message'].slice(0, 1000)}...` });
  }
  try {
    // 'r+' so that nothing is created where no kubelet made the file.
    await writeFile(path, text, { flag: path === KUBERNETES_PATH ? 'r+' : 'w' });
  } catch {
    // Nobody listens.
  }
}
