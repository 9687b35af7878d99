import { describe, expect, test } from 'vitest';
import { parseInvocation } from './options.ts';

const train = (more: string, env: Record<string, string> = {}): unknown =>
  parseInvocation(
    ['train', '--job', 'job.json', '--volume', '/v', ...more.split(' ').filter((word) => word !== '')],
    env,
  );

test('a pod says where everything is; without volumes of their own teacher and data are on the working volume', () => {
  expect(train('--bin 3')).toEqual({
    command: 'train',
    call: { job: 'job.json', volume: '/v', teacherVolume: '/v', datasetVolume: '/v', bin: 3, gpuRequired: false },
  });
  const all = '--bin 0 --teacher-volume /t --dataset-volume /d --schedule s.json --gpu required --listen 0.0.0.0:9090';
  expect(train(all)).toMatchObject({
    call: {
      teacherVolume: '/t',
      datasetVolume: '/d',
      schedule: 's.json',
      gpuRequired: true,
      listen: { host: '0.0.0.0', port: 9090 },
    },
  });
  expect(train('--bin 0 --listen [::]:0')).toMatchObject({ call: { listen: { host: '::', port: 0 } } });
});

test("an Indexed Job's pod finds its bin by its completion index, and --bin overrides", () => {
  const env = { DISTILL_BINS: '0,1,4', JOB_COMPLETION_INDEX: '2' };
  expect(train('', env)).toMatchObject({ call: { bin: 4 } });
  expect(train('--bin 7', env)).toMatchObject({ call: { bin: 7 } });
});

test('help is asked for by the flag, or by nothing at all', () => {
  expect(parseInvocation(['--help'], {})).toBeUndefined();
  expect(parseInvocation([], {})).toBeUndefined();
});

describe('what cannot be meant is refused by name', () => {
  test.each([
    ['--bin', '--bin x', {}, /--bin x/],
    ['no bin', '', {}, /DISTILL_BINS and JOB_COMPLETION_INDEX/],
    ['an index beyond the list', '', { DISTILL_BINS: '0,1', JOB_COMPLETION_INDEX: '2' }, /INDEX=2 .*BINS=0,1/],
    ['a list of other things', '', { DISTILL_BINS: '0,x', JOB_COMPLETION_INDEX: '0' }, /DISTILL_BINS=0,x/],
    ['--listen', '--bin 0 --listen 9090', {}, /--listen 9090 is not HOST:PORT/],
    ['a port', '--bin 0 --listen h:70000', {}, /--listen h:70000/],
    ['--gpu', '--bin 0 --gpu maybe', {}, /--gpu maybe/],
    ['an unknown flag', '--bin 0 --gup required', {}, /--gup/],
    ['a second word', '--bin 0 finalize', {}, /finalize/],
  ])('%s', (...[, args, env, message]) => {
    expect(() => train(args, env)).toThrow(
      expect.objectContaining({ code: 'DISTILL_E_USAGE', message: expect.stringMatching(message) as string }),
    );
  });

  test('a subcommand, a missing flag, a schedule before the plan', () => {
    expect(() => parseInvocation(['learn', '--job', 'j', '--volume', 'v'], {})).toThrow(/no subcommand learn/);
    expect(() => parseInvocation(['plan', '--job', 'j'], {})).toThrow(/--volume/);
    expect(() => parseInvocation(['plan', '--job', 'j', '--volume', 'v', '--schedule', 's'], {})).toThrow(/--schedule/);
  });

  test('a dry run of what is no plan, or one that is to serve', () => {
    expect(() => train('--bin 0 --dry-run')).toThrow(/`train` has no --dry-run/);
    const dryRun = ['plan', '--job', '-', '--volume', 'v', '--dry-run'];
    expect(() => parseInvocation([...dryRun, '--listen', '[::]:0'], {})).toThrow(/--listen/);
    expect(parseInvocation(dryRun, {})).toMatchObject({ command: 'plan', call: { job: '-', dryRun: true } });
  });
});
