import type { PodWarning } from './snapshot.ts';
import { type Symptom, symptom } from './troubles.ts';

/** Pods that cannot be made at all, in the words of the API server's admission, by way of the Job controller's event. */
export function creationSymptom(warning: PodWarning | undefined): Symptom | undefined {
  if (warning?.reason !== 'FailedCreate') return undefined;
  // The pod's name is drawn anew at each try: without it the message stays the same.
  const message = warning.message.replace(/^Error creating: /, '').replace(/^pods "[^"]*" is forbidden: /, '');
  const what = `Its pods cannot be made: ${message}`;
  if (/exceeded quota|failed quota/.test(message)) return symptom('QuotaExceeded', what);
  if (message.includes('violates PodSecurity')) return symptom('PodSecurityViolation', what);
  return symptom('PodsRefused', what);
}
