import { writeFile } from 'node:fs/promises';

/**
 * The worker's last words: a pod's termination message (the kubelet copies it to the pod's status, 4 KiB at most) or, on a
 * laptop, a message to the parent and the file that it names in DISTILL_TERMINATION_LOG, for onlookers.
 */
const KUBERNETES_PATH = '/dev/termination-log';
const LIMIT = 4096;

/** Error or summary as JSON of at most 4 KiB. A message that cannot be written is no failure: the exit code still tells. */
export async function writeTermination(message: Readonly<Record<string, unknown>>): Promise<void> {
  const local = process.env['DISTILL_TERMINATION_LOG'];
  const path = local ?? KUBERNETES_PATH;
  let text = JSON.stringify(message);
  if (Buffer.byteLength(text) > LIMIT && typeof message['message'] === 'string') {
    text = JSON.stringify({ ...message, message: `${message['message'].slice(0, 1000)}...` });
  }
  if (local !== undefined) await tellParent(message);
  try {
    // 'r+' so that nothing is created where no kubelet made the file.
    await writeFile(path, text, { flag: path === KUBERNETES_PATH ? 'r+' : 'w' });
  } catch {
    // Nobody listens.
  }
}

/** A full disk takes no file, but the parent must still learn that this is what ended the worker. */
function tellParent(message: Readonly<Record<string, unknown>>): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else {
      process.send(message, () => {
        resolve();
      });
    }
  });
}
