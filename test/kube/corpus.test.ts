import { manifestWith } from '../../packages/api/test/corpus/corpus.ts';
import { BAD, GOOD } from '../../packages/api/test/corpus/manifests.ts';
import { UPDATES, type Update } from '../../packages/api/test/corpus/updates.ts';
import type { DistillationJobObject } from '../../operator/src/objects/snapshot.ts';
import { RULES } from '@distillation/api/rules';
import { TRANSITIONS } from '@distillation/api/transitions';
import { validateJob } from '@distillation/api/validate';
import { VALUE_RULES } from '@distillation/api/value-rules';
import { ApiError } from '@distillation/kube/api-error';
import { type KubeClient, kubeClient } from '@distillation/kube/client';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import type { Transport } from '@distillation/kube/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminConfig, newNamespace } from './support/support.ts';

/**
 * The API server and `validateJob` judge every manifest of the corpus alike: both accept it, or both refuse it, for the same field.
 * Nothing is kept: every write but those that a change starts from is a dry run.
 */

/** Adds to the query of every call. */
const asking =
  (query: string) =>
  (next: Transport): Transport =>
  (call) =>
    next({ ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}${query}` });

let strict: KubeClient;
let dry: KubeClient;
let namespace: string;
beforeAll(async () => {
  strict = kubeClient(adminConfig(), { wrap: asking('fieldValidation=Strict') });
  dry = kubeClient(adminConfig(), { wrap: asking('fieldValidation=Strict&dryRun=All') });
  namespace = await newNamespace();
});
afterAll(async () => {
  await Promise.all([strict.close(), dry.close()]);
});

/** As a user's tool sends it, into the namespace of the test. */
function inNamespace(manifest: object, name?: string): DistillationJobObject {
  const job = manifest as DistillationJobObject;
  return { ...job, metadata: { ...job.metadata, namespace, ...(name !== undefined && { name }) } };
}

/** What the server refuses with. */
async function refusalOf(write: Promise<unknown>): Promise<ApiError> {
  const outcome = await write.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof ApiError) return outcome;
  throw outcome instanceof Error ? outcome : new Error('the API server accepted it');
}

/** A JSON pointer as the server writes paths: `spec.blocks.exclude[0]`. */
const fieldOf = (pointer: string): string =>
  pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`), '');

/** A path of the server with the keys of maps as the local check has them: `limits[memory]` as `limits.memory`. */
const plain = (field: string): string => field.replaceAll(/\[(?!\d+\])([^\]]+)\]/g, '.$1');

/** A text of the wrong form has its way out in the local check; what is wrong otherwise the server says in words of its own. */
function formFixOf(manifest: object): string | undefined {
  const result = validateJob(manifest, 'Cluster');
  const [problem] = 'problems' in result ? result.problems : [];
  return problem?.message === 'is not of the form asked for' ? problem.fix : undefined;
}

/** The different ways out of a field's rules, and of those of a kind of value that the field may be a part of. */
function fixesOf(rules: readonly { readonly field: string; readonly fix: string }[], pointer: string): string[] {
  const own = rules.filter(({ field }) => `/spec/${field.replaceAll('.', '/')}` === pointer);
  const ofValues = Object.values(VALUE_RULES)
    .flat()
    .filter(({ field }) => field === '' || pointer.endsWith(`/${field}`));
  return [...new Set([...own, ...ofValues].map(({ fix }) => fix))];
}

/** On the server a manifest is meant for a cluster. */
const onCluster = <Case extends { readonly place?: string }>(cases: readonly Case[]): Case[] =>
  cases.filter(({ place }) => place !== 'Local');

describe('a new job', () => {
  it.each(onCluster(GOOD))('is accepted, with the same defaults: $title', async ({ set }) => {
    const manifest = manifestWith(set);
    const stored = await dry.create(DISTILLATION_JOBS, inNamespace(manifest));
    // What the server filled in is what `validateJob` fills in, but for defaults that depend on other fields.
    expect(validateJob({ ...stored, metadata: { name: 'sample' } }, 'Cluster')).toEqual(
      validateJob({ ...manifest, metadata: { name: 'sample' } }, 'Cluster'),
    );
  });

  it.each(onCluster(BAD))('is refused at $path: $title', async ({ set, path, by }) => {
    const refusal = await refusalOf(dry.create(DISTILLATION_JOBS, inNamespace(manifestWith(set))));
    const field = fieldOf(path);
    if (by === 'UnknownField') {
      expect(refusal.status).toBe(400);
      expect(refusal.message).toContain(`unknown field "${field}"`);
      return;
    }
    expect(refusal.status).toBe(422);
    expect(refusal.causes.map((cause) => plain(cause.field ?? ''))).toContain(field);
    // A user reads what to write, in the words of the local check; never a regular expression, nor that a rule could not be asked.
    expect(refusal.message).not.toMatch(/should match|evaluat|no such/);
    const fix = formFixOf(manifestWith(set));
    if (fix !== undefined) expect(refusal.message).toContain(`is not of the form asked for. ${fix}`);
    if (by !== 'Rule') return;
    // One rule, and its way out is what the user reads.
    expect(new Set(refusal.causes.map((cause) => plain(cause.field ?? '')))).toEqual(new Set([field]));
    expect(fixesOf(RULES, path).filter((fix) => refusal.message.includes(fix))).toHaveLength(1);
  });
});

describe('a change', () => {
  let number = 0;

  /** A job as the operator has left it. */
  async function existing({ from = {}, succeeded }: Update): Promise<DistillationJobObject> {
    const job = inNamespace(manifestWith(from), `update-${number++}`);
    const made = await strict.create(DISTILLATION_JOBS, job);
    if (succeeded === undefined) return made;
    const condition = {
      type: 'Succeeded',
      status: succeeded,
      reason: 'Any',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const where = { namespace, name: made.metadata.name, subresource: 'status' };
    return strict.mergePatch(DISTILLATION_JOBS, where, { status: { conditions: [condition] } });
  }

  it.each(UPDATES)('is judged alike: $title', async (update) => {
    const { from = {}, set, refused } = update;
    const { metadata } = await existing(update);
    const changed = inNamespace(manifestWith({ ...from, ...set }), metadata.name);
    const { labels = {} } = changed.metadata;
    const write = strict.update(DISTILLATION_JOBS, { ...changed, metadata: { ...metadata, labels } });
    if (refused === undefined) {
      // A written default changes nothing; everything else counts as a new generation of the spec.
      const { generation } = (await write).metadata;
      expect(generation - metadata.generation).toBe(update.title === 'a default written out' ? 0 : 1);
      return;
    }
    const refusal = await refusalOf(write);
    expect(refusal.status).toBe(422);
    expect(new Set(refusal.causes.map(({ field }) => field))).toEqual(new Set([fieldOf(refused)]));
    const fixes = fixesOf([...TRANSITIONS, ...RULES], refused);
    expect(fixes.some((fix) => refusal.message.includes(fix))).toBe(true);
  });
});

describe('the status', () => {
  it('takes no condition of an unknown type, and keeps entries apart by their keys', async () => {
    const { metadata } = await strict.create(DISTILLATION_JOBS, inNamespace(manifestWith({}), 'status'));
    const where = { namespace, name: metadata.name, subresource: 'status' };
    const condition = { status: 'True', reason: 'Any', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
    const patch = (status: object) => strict.mergePatch(DISTILLATION_JOBS, where, { status });

    const unknown = await refusalOf(patch({ conditions: [{ ...condition, type: 'Complete' }] }));
    expect(unknown.causes.map(({ field }) => field)).toContain('status.conditions[0].type');
    const bins = [0, 0].map((index) => ({ index, state: 'Running', blocks: 1 }));
    const twice = await refusalOf(patch({ bins }));
    expect(twice.causes.map(({ field }) => field)).toContain('status.bins[1]');
    const stray = await refusalOf(patch({ phase: 'Running' }));
    expect(stray.message).toContain('unknown field "status.phase"');
  });
});
