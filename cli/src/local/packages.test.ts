import { DistillError } from '@distillation/api/errors';
import { expect, it } from 'vitest';
import { LOCAL_PACKAGES, requireLocalPackages } from './packages.ts';

it('knows what computes, by exact versions', () => {
  expect(Object.keys(LOCAL_PACKAGES)).toEqual(
    expect.arrayContaining(['@tensorflow/tfjs', '@tensorflow/tfjs-node', 'h5wasm', 'sharp', 'node-api-headers']),
  );
  expect(Object.keys(LOCAL_PACKAGES).filter((name) => name.startsWith('@distillation/'))).toEqual([]);
  for (const version of Object.values(LOCAL_PACKAGES)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

it('finds all of it in the repository', () => {
  expect(() => {
    requireLocalPackages();
  }).not.toThrow();
});

it('computes without the native library, more slowly', () => {
  expect(() => {
    requireLocalPackages((name) => name !== '@tensorflow/tfjs-node');
  }).not.toThrow();
});

it('names what is missing, and the command that installs it', () => {
  const missing = ['@tensorflow/tfjs', 'sharp'];
  const attempt = (): void => {
    requireLocalPackages((name) => !missing.includes(name));
  };
  expect(attempt).toThrow(DistillError);
  expect(attempt).toThrow(/has not: @tensorflow\/tfjs, sharp\.$/);
  const versions = missing.map((name) => `${name}@${LOCAL_PACKAGES[name] ?? ''}`).join(' ');
  expect(attempt).toThrow(
    expect.objectContaining({
      code: 'DISTILL_E_LOCAL_PACKAGES',
      exitCode: 65,
      fix: expect.stringContaining(`npm install --ignore-scripts kubectl-distill-VERSION.tgz ${versions}\``) as string,
    }),
  );
});
