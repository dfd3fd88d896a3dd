import { flagTable } from '../../src/cli/flags.ts'
import { type CommandFacts, commandSectionsWithFacts } from './command-facts.ts'
import { entry, example, page, paragraph, roff, section, subsection } from './roff.ts'

/** man 1 orchestrator */
export function programManual(): string {
  return page(
    'orchestrator', 1, 'Orchestrator', 'discovers, shows, changes and recovers MySQL replication topologies',
    section(
      'SYNOPSIS', '.nf', roff('orchestrator [flags] http\norchestrator [flags] -c COMMAND [flags]\norchestrator doctor [-i HOST:PORT | -alias CLUSTER | -all]\n'
        + 'orchestrator what-if [-i HOST:PORT | -alias CLUSTER]\norchestrator drill --cluster CLUSTER [--api URL]\norchestrator help [COMMAND]'), '.fi',
    ),
    section(
      'DESCRIPTION',
      paragraph('Orchestrator discovers replication topologies by asking the servers, shows them as a live tree, moves replicas, notices dead primaries and intermediate primaries, promotes the right replica, and says why for everything that it does and does not do.'),
      paragraph('With http it serves the web page and the API, polls the servers and recovers. With -c it runs one command, against the store that the configuration names or, where ORCHESTRATOR_API is set, in a service that runs.'),
      paragraph('drill starts servers of its own on this machine and needs mysqld for it.'),
    ),
    section('OPTIONS', paragraph('Each with one dash or two, as -flag VALUE or -flag=VALUE.'), ...Object.entries(flagTable).map(([name, { type, default: value, says }]) =>
      entry(`-${name}${type === 'text' ? ' TEXT' : ''}`, `${says}.${value === '' || value === 'false' ? '' : ` Without it: ${value}.`}`))),
    section('COMMANDS', ...commandSectionsWithFacts().map(({ section: title, commands }) => subsection(title === '' ? 'Others' : title, ...commands.map(commandEntry)))),
    section(
      'SERVERS ON STANDARD INPUT',
      paragraph('With -i - a command takes servers from standard input, parted by blanks, commas or line ends. Where that names none, nothing is done, and the exit status is 1.'),
      example('orchestrator -c which-replicas -i db140:3306 | orchestrator -c begin-downtime -i - -reason upgrade -duration 1h'),
    ),
    section(
      'EXIT STATUS',
      entry('0', 'It was done.'), entry('1', 'It was refused or failed; a line that begins with FATAL says why on standard error. Also the service, when it cannot start or has to end.'),
      entry('2', 'A flag that there is not, or one without its value.'),
    ),
    section(
      'ENVIRONMENT',
      entry('ORCHESTRATOR_API', 'One address or more, parted by blanks, of services in which commands run: of several the one that leads. For example http://localhost:3000'),
      entry('ORCHESTRATOR_AUTH_USER, ORCHESTRATOR_AUTH_PASSWORD', 'Sent to that service as basic authentication.'),
      entry('ORCHESTRATOR_AUTH_USER_HEADER', 'The name of a header in which that user is sent, to a service that trusts a proxy.'),
      entry('Others', 'Those that the configuration names as ${NAME}.'),
    ),
    section(
      'SIGNALS',
      entry('SIGHUP', 'The service reads its configuration again. Where that is wrong, nothing changes and the log says what.'),
      entry('SIGTERM, SIGINT', 'The service ends: leadership is handed over, a step under way is finished, in at most 8 seconds.'),
    ),
    section(
      'FILES',
      entry('/etc/orchestrator.conf.json, conf/orchestrator.conf.json, orchestrator.conf.json', 'Read in this order as far as they exist, the last two below the working directory; a later one wins. With -config only the file named there. See orchestrator.conf.json(5).'),
    ),
    section('EXAMPLES', example([
      'orchestrator -c discover -i db140.example.com:3306', 'orchestrator -c topology -i db140.example.com:3306', 'orchestrator -c relocate -i db142:3306 -d db141:3306 -dry-run',
      'orchestrator -c graceful-master-takeover-auto -alias shop', 'orchestrator what-if -alias shop',
    ].join('\n'))),
    section('SEE ALSO', `.BR ${roff('orchestrator-client')} (1),`, '.BR orchestrator.conf.json (5)'),
  )
}

function commandEntry({ name, alsoKnownAs, says, flags, dryRun }: CommandFacts): string {
  const options = flags.map(({ flag, isRequired }) => (isRequired ? `-${flag}` : `[-${flag}]`)).join(' ')
  const rest = [says, ...(alsoKnownAs.length === 0 ? [] : [`Also: ${alsoKnownAs.join(', ')}.`]), ...(dryRun === null ? [] : ['Takes -dry-run.'])]
  return entry(options === '' ? name : `${name} ${options}`, rest.join(' '))
}
