import type { LogicalVolume, MountPoint } from '../model/agents/agent.ts'
import type { Seed, SeedState } from '../model/agents/seed-record.ts'
import { operation, optional, required } from './operation.ts'

/** An agent as it registered. Times in ms since 1970. */
export interface AgentEntry {
  readonly host: string
  readonly port: number
  readonly submittedAt: number
  /** Null: never. */
  readonly seenAt: number | null
  readonly mysqlPort: number | null
  readonly snapshots: number
}

/** The same with what its agent answers now; null: it did not answer that. */
export interface AgentDetails extends AgentEntry {
  readonly localSnapshotHosts: readonly string[] | null
  readonly snapshotHosts: readonly string[] | null
  readonly volumes: readonly LogicalVolume[] | null
  readonly mountPoint: MountPoint | null
  readonly isMysqlRunning: boolean | null
  readonly mysqlDiskUsageBytes: number | null
  readonly dataFolderFreeBytes: number | null
  readonly errorLogTail: readonly string[] | null
}

export type SeedEntry = Seed
export type SeedStep = SeedState

const host = { host: required.text('The host, as its agent registered.') }
const seed = { seedId: required.number('The number of the seed.') }
const volume = { ...host, lv: optional.text('The path of a logical volume.') }
// The original asks for the authority to write even where it only reads, because agents tell much of their hosts.
const asked = { on: 'fleet', access: 'write', plans: false } as const
const read = { ...asked, onlyReads: true } as const
const former = (route: string) => ({ routes: [route], commands: [], answers: 'bare' }) as const

export const agents = operation<readonly AgentEntry[]>()({
  ...read, name: 'agents', says: 'The agents that registered.', dangerLevel: 1, input: {}, former: former('agents'),
})

export const agent = operation<AgentDetails>()({
  ...read, name: 'agent', says: 'Ask one agent how its host is.', dangerLevel: 1, input: host, former: former('agent/:host'),
})

export const agentUnmount = operation<AgentDetails>()({
  ...asked, name: 'agent-umount', says: 'Unmount the volume that is mounted on a host.', dangerLevel: 2, input: host, former: former('agent-umount/:host'),
})

export const agentMount = operation<AgentDetails>()({
  ...asked, name: 'agent-mount', says: 'Mount a logical volume on a host.', dangerLevel: 1, input: volume, former: former('agent-mount/:host'),
})

export const agentCreateSnapshot = operation<AgentDetails>()({
  ...asked, name: 'agent-create-snapshot', says: 'Make a snapshot of the data of a host.', dangerLevel: 1, input: host, former: former('agent-create-snapshot/:host'),
})

export const agentRemoveVolume = operation<AgentDetails>()({
  ...asked, name: 'agent-removelv', says: 'Remove a logical volume of a host, with all that it holds.', dangerLevel: 3, input: volume, former: former('agent-removelv/:host'),
})

export const agentStopMysql = operation<AgentDetails>()({
  ...asked, name: 'agent-mysql-stop', says: 'Stop the MySQL of a host.', dangerLevel: 3, input: host, former: former('agent-mysql-stop/:host'),
})

export const agentStartMysql = operation<AgentDetails>()({
  ...asked, name: 'agent-mysql-start', says: 'Start the MySQL of a host.', dangerLevel: 2, input: host, former: former('agent-mysql-start/:host'),
})

export const agentSeed = operation<number>()({
  ...asked, name: 'agent-seed', says: 'Replace all data of one host by those of another.', dangerLevel: 3,
  input: { targetHost: required.text('The host whose data are replaced.'), sourceHost: required.text('The host whose data are copied.') },
  former: former('agent-seed/:targetHost/:sourceHost'),
})

export const agentActiveSeeds = operation<readonly SeedEntry[]>()({
  ...read, name: 'agent-active-seeds', says: 'Seeds to and from a host that have not ended.', dangerLevel: 1, input: host, former: former('agent-active-seeds/:host'),
})

export const agentRecentSeeds = operation<readonly SeedEntry[]>()({
  ...read, name: 'agent-recent-seeds', says: 'The last seeds to and from a host that have ended.', dangerLevel: 1, input: host, former: former('agent-recent-seeds/:host'),
})

export const agentSeedDetails = operation<readonly SeedEntry[]>()({
  ...read, name: 'agent-seed-details', says: 'One seed.', dangerLevel: 1, input: seed, former: former('agent-seed-details/:seedId'),
})

export const agentSeedStates = operation<readonly SeedStep[]>()({
  ...read, name: 'agent-seed-states', says: 'The steps of a seed, newest first.', dangerLevel: 1, input: seed, former: former('agent-seed-states/:seedId'),
})

export const agentAbortSeed = operation<null>()({
  ...asked, name: 'agent-abort-seed', says: 'End a seed: both agents stop, and the source lets go of its volume.', dangerLevel: 2, input: seed, former: former('agent-abort-seed/:seedId'),
})

export const agentCustomCommand = operation<string>()({
  ...asked, name: 'agent-custom-command', says: 'Let an agent run a command that its own configuration allows.', dangerLevel: 2,
  input: { ...host, command: required.text('The name of the command.') },
  former: { routes: ['agent-custom-command/:host/:command'], commands: ['custom-command'], section: 'Agent', answers: 'bare' },
})

export const seeds = operation<readonly SeedEntry[]>()({
  ...read, name: 'seeds', says: 'The last hundred seeds.', dangerLevel: 1, input: {}, former: former('seeds'),
})
