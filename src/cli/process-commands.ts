import type { CommandSection } from '../contract/operation.ts'

/** A command of this program itself: it runs no operation, and so has no row in the contract. */
export interface ProcessCommand {
  readonly name: string
  readonly section: CommandSection
  readonly says: string
  readonly more: string
  readonly example: string
}

export const processCommands: readonly ProcessCommand[] = [
  {
    name: 'continuous', section: 'Meta', says: 'Poll and recover as `http` does, without web page and API, until it is told to end',
    more: 'SIGHUP reads the configuration again, SIGTERM ends it. It listens to nobody, agents neither. A member of a group cannot run so.', example: 'orchestrator -c continuous',
  },
  {
    name: 'dump-config', section: 'Meta', says: 'The effective configuration as one line of JSON, secrets masked',
    more: 'Of the files that this machine would read; it opens no store and asks no service.', example: 'orchestrator -c dump-config -config /etc/orchestrator.conf.json',
  },
  {
    name: 'which-api', section: 'Meta', says: 'The address of the service that commands run in',
    more: 'ORCHESTRATOR_API names one or more; of several it is the one that leads. Without it commands run in this process.', example: 'orchestrator -c which-api',
  },
  {
    name: 'api', section: 'Meta', says: 'What a service answers at the address -path below /api/, as it stands',
    more: 'ORCHESTRATOR_API names the service. The answer is printed whatever its status is; where that is no success, the exit status is 1.',
    example: 'orchestrator -c api -path clusters',
  },
  {
    name: 'redeploy-internal-db', section: 'Meta, internal', says: 'Make the tables of the store, and columns that they lack',
    more: 'Also where SkipOrchestratorDatabaseUpdate is set. Nothing that is there is changed or dropped.', example: 'orchestrator -c redeploy-internal-db',
  },
  { name: 'help', section: 'Meta', says: 'List all commands', more: 'With the name of a command behind the word help: what that command does.', example: 'orchestrator help relocate' },
]

export const processCommandNamed = (name: string): ProcessCommand | undefined => processCommands.find(command => command.name === name)

/** What a service cannot answer. */
export const isOfThisMachine = (name: string): boolean => name === 'continuous' || name === 'dump-config' || name === 'redeploy-internal-db'
