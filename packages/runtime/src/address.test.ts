import { expect, it } from 'vitest';
import { addressText, parseAddress } from './address.ts';

it.each([
  ['0.0.0.0:8080', '0.0.0.0', 8080],
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['localhost:65535', 'localhost', 65_535],
  ['[::]:9090', '::', 9090],
  ['[::1]:9', '::1', 9],
  ['[fd00:10:244::1f]:9', 'fd00:10:244::1f', 9],
  ['[::ffff:10.0.0.1]:9', '::ffff:10.0.0.1', 9],
  ['[fe80::1%eth0]:9', 'fe80::1%eth0', 9],
  [':8080', '::', 8080],
])('%s is read', (text, host, port) => {
  const address = parseAddress(text);
  expect(address).toEqual({ host, port });
  expect(parseAddress(addressText({ host, port }))).toEqual(address);
});

it.each([
  '',
  '8080',
  ':',
  'h:',
  'h:70000',
  'h:-1',
  '::1:80',
  '[::]',
  '[]:80',
  '[nobody]:80',
  '[::1',
  'a b:80',
  'h:80 ',
])('"%s" is none', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});
