import { isIPv6 } from 'node:net';

/** Where a program listens: `HOST:PORT`, an IPv6 address in brackets. */
export interface Address {
  /** A name or an address, without brackets. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/**
 * Every address of the machine, of both families: a socket on it takes IPv4 too, and where the kernel has no IPv6 it is IPv4's
 * 0.0.0.0 (`serve`).
 */
export const ANY_HOST = '::';

/** How an address is written, for messages. */
export const ADDRESS_WORDS = 'HOST:PORT, such as 0.0.0.0:8080, [::]:8080 (IPv4 as well) or :8080 (the same)';

/** Reads `HOST:PORT`; without a host it is every address. @returns undefined when it is none */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, bracketed, plain = '', digits] = match;
  const port = Number(digits);
  if (port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return undefined;
  return { host: bracketed ?? (plain === '' ? ANY_HOST : plain), port };
}

/** As it stands in a URL: `[::1]:9090`. */
export const addressText = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
