import { Argument, Command } from 'commander';
import { type CompletedCommand, completionScript, type Shell, SHELLS } from '../present/completion.ts';

export function completionCommand(): Command {
  return new Command('completion')
    .summary('print the script by which a shell completes command lines')
    .description(
      'Prints a script that completes commands, flags, names of jobs and namespaces. Those of shells complete `kubectl-distill`; `kubectl` is a program by which kubectl completes `kubectl distill`, and wants its own completion set up.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices([...SHELLS]))
    .addHelpText(
      'after',
      `
Examples:
  kubectl-distill completion bash \\
    > ~/.local/share/bash-completion/completions/kubectl-distill
  kubectl-distill completion zsh > "\${fpath[1]}/_kubectl-distill"
  kubectl-distill completion fish \\
    > ~/.config/fish/completions/kubectl-distill.fish
  kubectl-distill completion kubectl \\
    > ~/.local/bin/kubectl_complete-distill
  chmod +x ~/.local/bin/kubectl_complete-distill`,
    )
    .action((shell: Shell, _: unknown, command: Command) => {
      process.stdout.write(completionScript(shell, completedCommands(command.parent)));
    });
}

/** What there is to complete of a program. */
function completedCommands(program: Command | null): CompletedCommand[] {
  return (program?.commands ?? []).map((command) => ({
    name: command.name(),
    summary: command.summary(),
    flags: [...command.options.flatMap(({ long }) => long ?? []), '--help'],
    takesJob: command.registeredArguments.some((argument) => argument.name() === 'name'),
  }));
}
