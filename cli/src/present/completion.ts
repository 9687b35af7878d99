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

/** `kubectl` is the program by which kubectl completes `kubectl distill`, in whatever shell. */
export const SHELLS = ['bash', 'zsh', 'fish', 'kubectl'] as const;
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
    case 'kubectl':
      return plugin(commands);
  }
}

/** Names of jobs, asked for as the user types; silent where there is no cluster. */
const JOBS = 'kubectl-distill get -o name 2>/dev/null';

/** What a flag takes, as a command that prints it; all other flags take names of files or what nobody knows. */
const VALUES: Readonly<Record<string, string>> = {
  '-n|--namespace': "$(kubectl get namespaces -o name 2>/dev/null | sed 's|.*/||')",
  '--context': '$(kubectl config get-contexts -o name 2>/dev/null)',
  '-o|--output': 'wide json yaml name html',
};

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, flags, takesJob }) => {
    const argument = name === 'completion' ? SHELLS.join(' ') : takesJob ? '$(_kubectl_distill_jobs)' : '';
    return `    ${name}) words="${flags.join(' ')}"; [[ $current != -* ]] && words="${argument}" ;;`;
  });
  const values = Object.entries(VALUES).map(([flags, words]) => `    ${flags}) words="${words}" ;;`);
  return `# Completion of kubectl-distill: source <(kubectl-distill completion bash)
_kubectl_distill_jobs() {
  local at place=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in
    -n|--namespace|--context|--kubeconfig) place+=("\${COMP_WORDS[at]}" "\${COMP_WORDS[at + 1]}") ;;
    esac
  done
  kubectl-distill get -o name "\${place[@]}" 2>/dev/null | sed 's|.*/||'
}
_kubectl_distill() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [[ $COMP_CWORD -eq 1 ]]; then
    words="${commands.map(({ name }) => name).join(' ')} --help"
  else
    case "\${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('\n')}
    -f|--filename|--kubeconfig|--to|--from|--volume) ;;
    *)
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _kubectl_distill kubectl-distill
`;
}

/** kubectl calls it with the words typed so far, and reads a candidate a line; the last line says that files may be offered. */
const plugin = (commands: readonly CompletedCommand[]): string => `#!/usr/bin/env bash
${bash(commands)}
COMP_WORDS=(kubectl-distill "$@")
COMP_CWORD=$#
_kubectl_distill
printf '%s\\n' "\${COMPREPLY[@]}" :0
`;

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
