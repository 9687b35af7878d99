/** An unusable kubeconfig or service account; the message says why and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
