import { commands } from '../commands.ts'
import { clientOptions } from './options.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export const isShell = (name: string): name is Shell => (shells as readonly string[]).includes(name)

const ofClient = ['api', 'completion', 'help', 'which-api']
const commandNames: readonly string[] = [...commands.map(({ names }) => names[0]), ...ofClient].toSorted()
const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)

const flagsOf = (option: keyof typeof clientOptions): readonly string[] => clientOptions[option].names.map(dashed)
const commandFlags = flagsOf('command')
const serverFlags = (['instance', 'destination', 'sibling'] as const).flatMap(flagsOf)
const aliasFlags = flagsOf('alias')
const ruleFlags = flagsOf('promotionRule')
const rules = 'prefer neutral prefer_not must_not'
const allFlags = Object.values(clientOptions).flatMap(({ names }) => names.map(dashed))
const flagsWithValue = Object.values(clientOptions).filter(({ type }) => type === 'text').flatMap(({ names }) => names.map(dashed))

/** Servers and aliases are those that the service knows; a service that does not answer offers none. */
const askServers = 'orchestrator-client -c all-instances --plain 2>/dev/null'
const askAliases = 'orchestrator-client -c clusters-alias --plain 2>/dev/null | cut -d, -f2'

/** What a shell reads so that it completes commands, options, servers and aliases. */
export const completionScripts: Readonly<Record<Shell, () => string>> = {
  // A colon parts words for bash: the word is taken from the line itself, and what stands before its last colon from the answers.
  bash: () => `# For bash: orchestrator-client completion bash > /etc/bash_completion.d/orchestrator-client
_orchestrator_client() {
  local line=\${COMP_LINE:0:COMP_POINT} word before rest
  word=\${line##*[[:space:]]}
  rest=\${line%"$word"}
  rest=\${rest%"\${rest##*[![:space:]]}"}
  before=\${rest##*[[:space:]]}
  case $before in
    ${[...commandFlags, 'help'].join('|')}) COMPREPLY=($(compgen -W '${commandNames.join(' ')}' -- "$word")) ;;
    ${serverFlags.join('|')}) COMPREPLY=($(compgen -W "$(${askServers})" -- "$word")) ;;
    ${aliasFlags.join('|')}) COMPREPLY=($(compgen -W "$(${askAliases})" -- "$word")) ;;
    ${ruleFlags.join('|')}) COMPREPLY=($(compgen -W '${rules}' -- "$word")) ;;
    completion) COMPREPLY=($(compgen -W '${shells.join(' ')}' -- "$word")) ;;
    *)
      case $word in
        -*) COMPREPLY=($(compgen -W '${allFlags.join(' ')}' -- "$word")) ;;
        *) [[ $rest == *[[:space:]]* ]] || COMPREPLY=($(compgen -W '${commandNames.join(' ')}' -- "$word")) ;;
      esac ;;
  esac
  if [[ $word == *:* ]]; then
    local colon=\${word%"\${word##*:}"} at
    for at in "\${!COMPREPLY[@]}"; do COMPREPLY[at]=\${COMPREPLY[at]#"$colon"}; done
  fi
}
complete -F _orchestrator_client orchestrator-client
`,
  zsh: () => `#compdef orchestrator-client
# For zsh: orchestrator-client completion zsh > a file _orchestrator-client in a folder of $fpath
local before=\${words[CURRENT-1]}
case $before in
  ${[...commandFlags, 'help'].join('|')}) compadd -- ${commandNames.join(' ')} ;;
  ${serverFlags.join('|')}) compadd -- \${(f)"$(${askServers})"} ;;
  ${aliasFlags.join('|')}) compadd -- \${(f)"$(${askAliases})"} ;;
  ${ruleFlags.join('|')}) compadd -- ${rules} ;;
  completion) compadd -- ${shells.join(' ')} ;;
  *)
    if [[ $PREFIX == -* ]]; then compadd -- ${allFlags.join(' ')}
    elif (( CURRENT == 2 )); then compadd -- ${commandNames.join(' ')}
    fi ;;
esac
`,
  fish: () => [
    '# For fish: orchestrator-client completion fish > ~/.config/fish/completions/orchestrator-client.fish',
    'complete -c orchestrator-client -f',
    `complete -c orchestrator-client -n 'test (count (commandline -opc)) -eq 1' -a '${commandNames.join(' ')}'`,
    `complete -c orchestrator-client -n 'contains -- (commandline -opc)[-1] completion' -a '${shells.join(' ')}'`,
    `complete -c orchestrator-client -n 'contains -- (commandline -opc)[-1] help' -a '${commandNames.join(' ')}'`,
    ...Object.values(clientOptions).map(({ names, says }) => {
      const spelled = names.map(name => (name.length === 1 ? `-s ${name}` : `-l ${name}`)).join(' ')
      const offered = names.some(name => commandFlags.includes(dashed(name))) ? ` -a '${commandNames.join(' ')}'`
        : names.some(name => serverFlags.includes(dashed(name))) ? ` -a '(${askServers})'`
          : names.some(name => aliasFlags.includes(dashed(name))) ? ` -a '(${askAliases})'`
            : names.some(name => ruleFlags.includes(dashed(name))) ? ` -a '${rules}'` : ''
      return `complete -c orchestrator-client ${spelled}${flagsWithValue.includes(dashed(names[0])) ? ' -x' : ''}${offered} -d '${says.replaceAll("'", `\\'`)}'`
    }),
    '',
  ].join('\n'),
}
