import { type DistillError, ERRORS, EXIT } from '@distillation/api/errors';

const KINDS: Readonly<Record<DistillError['kind'], string>> = {
  Input: 'fix the input',
  Retry: 'try again',
  Internal: 'report a defect',
};

const EXITS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'The command did what it was asked.',
  usage: 'The command line is wrong.',
  input: 'The input is wrong: manifest, teacher, data set. A retry cannot help.',
  internal: 'A defect of this program.',
  retry: 'Something outside failed: disk, network, a lost claim. The same command goes on where it stopped.',
  config: 'The machine is not set up: the project’s Node is missing.',
};

/** The error reference, from the error catalogue. */
export function errorReferenceText(): string {
  return [
    '<!-- Generated from packages/api/src/errors by `npm run generate`. Do not edit. -->',
    '# Errors',
    'Every failure carries one of these codes: in the log, in the terminal, and on a cluster in the job’s conditions (by its reason). The message beside the code names the value at fault.',
    ['| Code | Reason of the condition | Asks you to | What to do |', '|---|---|---|---|', ...codes()].join('\n'),
    '## Exit codes',
    ['| Exit code | Meaning |', '|---|---|', ...exits()].join('\n'),
    '',
  ].join('\n\n');
}

const codes = (): string[] =>
  Object.entries(ERRORS).map(
    ([code, { reason, kind, fix }]) => `| \`${code}\` | ${reason} | ${KINDS[kind]} | ${fix} |`,
  );

const exits = (): string[] =>
  Object.entries(EXIT).map(([name, code]) => `| ${code} | ${EXITS[name as keyof typeof EXIT]} |`);
