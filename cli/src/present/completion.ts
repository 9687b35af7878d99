/** Scripts that complete a command line in a shell, from the commands as they are. Pure. */

/** A command, or the program with its commands. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  /** Long flags, such as `--namespace`. */
  readonly flags: readonly string[];
  /** Whether its argument is the name of a job on the cluster. */
  readonly takesJob: boolean;
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script for a shell. @param commands of the program `kubectl-distill` */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return `#compdef kubectl-distill\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case 'fish':
      return fish(commands);
  }
}

/** Names of jobs, asked for as the user types; silent where there is no cluster. */
const JOBS = 'kubectl-distill get -o name 2>/dev/null';

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, flags, takesJob }) => {
    const jobs = takesJob ? ` $(${JOBS} | sed 's|.*/||')` : '';
    return `    ${name}) words="${flags.join(' ')}"; [[ $current != -* ]] && words="${jobs.trim()}" ;;`;
  });
  return `# Completion of kubectl-distill: source <(kubectl-distill completion bash)
_kubectl_distill() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [[ $COMP_CWORD -eq 1 ]]; then
    words="${commands.map(({ name }) => name).join(' ')} --help"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _kubectl_distill kubectl-distill
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, flags, takesJob }) => {
    const here = `complete -c kubectl-distill -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c kubectl-distill -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...flags.map((flag) => `${here} -l ${flag.replace(/^--/, '')}`),
      ...(takesJob ? [`${here} -f -a "(${JOBS} | string replace -r '.*/' '')"`] : []),
    ];
  });
  return `# Completion of kubectl-distill: kubectl-distill completion fish | source\n${lines.join('\n')}\n`;
}
