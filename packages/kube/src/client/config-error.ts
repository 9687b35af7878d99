/** A configuration of access (a kubeconfig, a service account's files) that cannot be used; the message says why and the way out. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
