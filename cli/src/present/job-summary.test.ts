import { expect, it } from 'vitest';
import { checkupLines } from './checkup.ts';
import { summaryLines } from './job-summary.ts';

const resume = 'kubectl-distill run --local -f job.yaml';
const folder = '/data/jobs/tiny';
const failure = {
  role: 'bin-0',
  code: 'DISTILL_E_DISK_FULL',
  message: 'no space\u001b[2J left.',
  fix: 'Free space.',
  logFile: 'out/logs/bin-0.log',
};

it('says who works on a job, and then nothing of old errors', () => {
  expect(summaryLines({ working: ['bin-0'], quietSeconds: 1, failure, folder, resume })).toEqual([
    'bin-0 works on it now.',
  ]);
  expect(summaryLines({ working: ['bin-0', 'bin-1'], quietSeconds: 1, folder, resume })).toEqual([
    'bin-0, bin-1 work on it now.',
  ]);
});

it('says of a job that stands still why, what to do and how to go on', () => {
  expect(summaryLines({ working: [], quietSeconds: 90, failure, folder, resume })).toEqual([
    'Nothing works on it now; the last sign of life was 1 min 30 s ago.',
    'bin-0 ended with DISTILL_E_DISK_FULL: no space\ufffd[2J left.',
    'What to do: Free space.',
    'Its log: out/logs/bin-0.log',
    `Go on from the last checkpoints: ${resume}`,
  ]);
});

it('does not call it an error when somebody stopped it', () => {
  const lines = summaryLines({
    working: [],
    quietSeconds: 5,
    failure: { ...failure, code: 'DISTILL_E_STOPPED' },
    folder,
    resume,
  });
  expect(lines.slice(1)).toEqual(['It was stopped.', `Go on from the last checkpoints: ${resume}`]);
});

it('says of a job without a trace where it looked, how to name another volume and how to start it', () => {
  expect(summaryLines({ working: [], folder, resume })).toEqual([
    'This job has not been started in /data/jobs/tiny. If it runs on another volume, name that by --volume.',
    `Start it there: ${resume}`,
  ]);
});

it('says of a job that was only planned that it is not begun', () => {
  const lines = ['This job is planned, not begun. Start it: ' + resume];
  expect(summaryLines({ working: [], quietSeconds: 67, onlyPlanned: true, folder, resume })).toEqual(lines);
  expect(summaryLines({ working: [], onlyPlanned: true, folder, resume })).toEqual(lines);
});

it('lists checks in columns, with what to do below those that need it', () => {
  expect(
    checkupLines([
      { name: 'Node', verdict: 'Ok', found: '22.23.3' },
      { name: 'backend', verdict: 'Problem', found: 'none', remedy: 'npm run setup' },
    ]),
  ).toEqual(['ok       Node     22.23.3', 'PROBLEM  backend  none', '                  → npm run setup']);
  const found = 'one node of three is ready, and it has no GPU';
  const remedy = 'kubectl get nodes --selector nvidia.com/gpu.present=true';
  expect(checkupLines([{ name: 'GPUs', verdict: 'Problem', found, remedy }], 50)).toEqual([
    'PROBLEM  GPUs  one node of three is ready, and it',
    '               has no GPU',
    `               → ${remedy}`,
  ]);
});
