import type { Command } from 'commander';
import { program } from '../../cli/src/program.ts';

const WIDTH = 110;

/** The reference of the command line: what each command's `--help` says. */
export function cliReferenceText(): string {
  const root = program();
  return [
    '<!-- Generated from cli/src/program.ts by `npm run generate`. Do not edit. -->',
    '# Commands',
    'As a kubectl plugin `kubectl distill` and by itself `kubectl-distill` are the same program. Without `--local` a command means the cluster of your kubeconfig; `--local`, or `--volume FOLDER`, means this machine. The flags that kubectl has too (`-n`, `--context`, `--kubeconfig`, `--as`, `--as-group`, `-A`) may stand before the command or behind it.',
    ...[root, ...root.commands].flatMap((command) => [
      ...(command === root ? [] : [`## ${command.name()}`]),
      ['```text', helpOf(command).trimEnd(), '```'].join('\n'),
    ]),
    '',
  ].join('\n\n');
}

/** What `--help` prints, at a fixed width. */
function helpOf(command: Command): string {
  let text = '';
  command.configureHelp({ ...command.configureHelp(), helpWidth: WIDTH });
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.replaceAll(/ +$/gm, '');
}
