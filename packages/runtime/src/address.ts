import { isIPv6 } from 'node:net';

/** Address on which a program listens: `HOST:PORT`, with brackets around an IPv6 address. */
export interface Address {
  /** A name or an address, without brackets. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/**
 * All addresses of the machine, IPv4 and IPv6: a dual-stack socket accepts both. Where the kernel has no IPv6, `serve` listens on 0.0.0.0
 * instead.
 */
export const ANY_HOST = '::';

/** The format of an address, for messages. */
export const ADDRESS_WORDS = 'HOST:PORT, such as 0.0.0.0:8080, [::]:8080 (IPv4 as well) or :8080 (the same)';

/** Parses `HOST:PORT`; without a host it means all addresses. @returns undefined when the text is invalid */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, bracketed, plain = '', digits] = match;
  const port = Number(digits);
  if (port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return undefined;
  return { host: bracketed ?? (plain === '' ? ANY_HOST : plain), port };
}

/** Formats an address for a URL: `[::1]:9090`. */
export const addressText = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
