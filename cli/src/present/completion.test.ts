import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type CompletedCommand, completionScript, SHELLS } from './completion.ts';

const run = promisify(execFile);
const COMMANDS: CompletedCommand[] = [
  { name: 'get', summary: 'list jobs', flags: ['--namespace', '--output'], takesJob: true },
  { name: 'completion', summary: 'print the script', flags: ['--help'], takesJob: false },
  { name: 'validate', summary: "is the manifest's text right?", flags: ['--filename'], takesJob: false },
];

/** What bash offers for the words typed so far, the last of them unfinished. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `kubectl-distill() { printf 'distillationjob.distillation.dev/vgg\\ndistillationjob.distillation.dev/resnet\\n'; printf '%s\\n' "\${@:4}"; }
kubectl() { printf 'namespace/team-a\\nnamespace/team-b\\n'; }
${completionScript('bash', COMMANDS)}
COMP_WORDS=(kubectl-distill ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_kubectl_distill; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

it('bash offers commands, flags of a command, and jobs', async () => {
  expect(await offered('')).toEqual(['get', 'completion', 'validate', '--help']);
  expect(await offered('va')).toEqual(['validate']);
  expect(await offered('get', '--na')).toEqual(['--namespace']);
  expect(await offered('get', 'v')).toEqual(['vgg']);
  expect(await offered('validate', '--f')).toEqual(['--filename']);
  expect(await offered('validate', '')).toEqual([]);
});

it('bash offers what a flag takes, and the jobs of the namespace that was named', async () => {
  expect(await offered('get', '-n', '')).toEqual(['team-a', 'team-b']);
  expect(await offered('get', '--namespace', 'team-b')).toEqual(['team-b']);
  expect(await offered('get', '-o', 'j')).toEqual(['json']);
  // The played program prints where it was asked to look, too.
  expect(await offered('get', '-n', 'team-a', '')).toEqual(['vgg', 'resnet', '-n', 'team-a']);
  expect(await offered('validate', '-f', '')).toEqual([]);
  expect(await offered('completion', 'b')).toEqual(['bash']);
});

it('kubectl is told the same, a line each, and that files may be offered', async () => {
  const { stdout } = await run('bash', [
    '--norc',
    '-c',
    completionScript('kubectl', COMMANDS),
    'kubectl_complete-distill',
    'va',
  ]);
  expect(stdout).toBe('validate\n:0\n');
});

it('quotes what it says', () => {
  expect(completionScript('fish', COMMANDS)).toContain("-d 'is the manifest\\'s text right?'");
});

it.each(SHELLS)('%s has every command and flag', (shell) => {
  const script = completionScript(shell, COMMANDS);
  for (const word of ['get', 'validate', 'namespace', 'output', 'filename']) expect(script).toContain(word);
});
