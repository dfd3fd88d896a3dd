import { clientOptions } from '../../src/cli/client/options.ts'
import { shells } from '../../src/cli/client/completion.ts'
import { defaultAddress } from '../../src/cli/client/endpoint.ts'
import { commandSectionsWithFacts } from './command-facts.ts'
import { entry, example, page, paragraph, roff, section } from './roff.ts'

/** man 1 orchestrator-client */
export function clientManual(): string {
  const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`)
  return page(
    'orchestrator-client', 1, 'Orchestrator', 'runs a command of orchestrator in a service that runs',
    section('SYNOPSIS', '.nf', roff(`orchestrator-client -c COMMAND [options]\norchestrator-client help\norchestrator-client completion ${shells.join('|')}`), '.fi'),
    section(
      'DESCRIPTION',
      paragraph('The same commands as orchestrator -c, over the API of a service; names, options and printed lines are those of the original’s script, which needs bash, curl and jq. On a terminal lists are printed as tables; scripts get plain lines.'),
      paragraph('Of several addresses the one that leads is used: the first that answers leader-check with 200, else the first that reaches the leader.'),
    ),
    section('OPTIONS', paragraph('Each with one dash or two, in any order with words.'), ...Object.values(clientOptions).map(({ names, type, says }) =>
      entry(`${names.map(dashed).join(', ')}${type === 'text' ? ' TEXT' : ''}`, `${says}.`))),
    section('COMMANDS', paragraph(`${commandSectionsWithFacts().flatMap(({ commands }) => commands.map(({ name }) => name)).join(', ')}.`), '.PP', 'What each does:', '.BR orchestrator (1).'),
    section('EXIT STATUS', entry('0', 'It was done.'), entry('1', 'It was refused or failed, or no service could be reached; standard error says why.')),
    section(
      'ENVIRONMENT',
      entry('ORCHESTRATOR_API', `One address or more, parted by blanks. Without it: ${defaultAddress}`), entry('ORCHESTRATOR_INSTANCE', 'The instance where -i is not given.'),
      entry('ORCHESTRATOR_AUTH_USER, ORCHESTRATOR_AUTH_PASSWORD', 'Sent as basic authentication.'), entry('ORCHESTRATOR_AUTH_USER_HEADER', 'A whole header, Name: value, that says who asks.'),
    ),
    section('FILES', entry('/etc/profile.d/orchestrator-client.sh', 'Read first, where it is; what the environment says of the service stands there on many hosts.')),
    section('EXAMPLES', example([
      'export ORCHESTRATOR_API="http://orc1:3000 http://orc2:3000 http://orc3:3000"', 'orchestrator-client -c topology -a shop', 'orchestrator-client -c relocate -i db142:3306 -d db141:3306 --dry-run',
      'orchestrator-client -c which-replicas -i db140:3306 --json', 'source <(orchestrator-client completion bash)',
    ].join('\n'))),
    section('SEE ALSO', '.BR orchestrator (1)'),
  )
}
