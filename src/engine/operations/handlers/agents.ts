import type { AgentDetails, AgentEntry } from '../../../contract/agents.ts'
import type { Contract } from '../../../contract/all.ts'
import { ok, type Result } from '../../../kit/result.ts'
import type { AgentCommand, AgentReport } from '../../../model/agents/agent.ts'
import type { AgentRecord } from '../../../ports/agents.ts'
import { agentReason } from '../../agents/reasons.ts'
import type { AgentParts } from '../agent-parts.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { refuse, type Refused } from '../refusals.ts'

type Serving = NonNullable<AgentParts>

function serving({ agents }: OperationParts): Result<Serving, Refused> {
  return agents === null ? refuse(agentReason('agents-not-served', {})) : ok(agents)
}

/** What the handler does where agents are served. */
const served = async <Output>(parts: OperationParts, act: (serving: Serving) => Promise<Outcome<Output>>): Promise<Outcome<Output>> => {
  const found = serving(parts)
  return found.ok ? act(found.value) : found
}

/** Without the token, which nobody but the agent needs. */
const entry = ({ host, port, submittedAt, seenAt, mysqlPort, snapshots }: AgentRecord): AgentEntry => ({ host, port, submittedAt, seenAt, mysqlPort, snapshots })

function details(record: AgentRecord, report: AgentReport): AgentDetails {
  return { ...entry(record), ...report, mysqlPort: report.mysqlPort ?? record.mysqlPort, snapshots: report.volumes?.length ?? record.snapshots }
}

async function see({ agents }: Serving, host: string): Promise<Outcome<AgentDetails>> {
  const seen = await agents.see(host)
  return seen.ok ? ok(details(seen.value.record, seen.value.report)) : refuse(seen.failure)
}

/** Tells the agent, and answers how its host is then. */
async function tell(serving: Serving, host: string, command: AgentCommand): Promise<Outcome<AgentDetails>> {
  const told = await serving.agents.tell(host, command)
  return told.ok ? see(serving, host) : refuse(told.failure)
}

const telling = (command: AgentCommand) => (input: { readonly host: string }, parts: OperationParts): Promise<Outcome<AgentDetails>> =>
  served(parts, serving => tell(serving, input.host, command))

const onVolume = (what: 'mount' | 'remove-volume') => ({ host, lv }: { readonly host: string; readonly lv: string | undefined }, parts: OperationParts): Promise<Outcome<AgentDetails>> =>
  served(parts, async serving => (lv === undefined ? refuse(agentReason('agent-volume-missing', {})) : tell(serving, host, { do: what, volume: lv })))

const agents: Handler<Contract['agents']> = (_input, parts) => served(parts, async serving => ok((await serving.agents.list()).map(entry)))
const agent: Handler<Contract['agent']> = ({ host }, parts) => served(parts, serving => see(serving, host))

const agentSeed: Handler<Contract['agent-seed']> = ({ targetHost, sourceHost }, parts, { by }) => served(parts, async ({ seeds }) => {
  const begun = await seeds.begin(targetHost, sourceHost, by)
  return begun.ok ? begun : refuse(begun.failure)
})

const agentAbortSeed: Handler<Contract['agent-abort-seed']> = ({ seedId }, parts, { by }) => served(parts, async ({ seeds }) => {
  const ended = await seeds.abort(seedId, by)
  return ended.ok ? ended : refuse(ended.failure)
})

const agentCustomCommand: Handler<Contract['agent-custom-command']> = ({ host, command }, parts) => served(parts, async serving => {
  const told = await serving.agents.tell(host, { do: 'custom', name: command })
  return told.ok ? told : refuse(told.failure)
})

const agentSeedDetails: Handler<Contract['agent-seed-details']> = ({ seedId }, parts) => served(parts, async ({ seeds }) => {
  const seed = await seeds.get(seedId)
  return ok(seed === null ? [] : [seed])
})

export const agentHandlers = {
  'agents': agents, 'agent': agent, 'agent-umount': telling({ do: 'unmount' }), 'agent-mount': onVolume('mount'), 'agent-create-snapshot': telling({ do: 'create-snapshot' }),
  'agent-removelv': onVolume('remove-volume'), 'agent-mysql-stop': telling({ do: 'stop-mysql' }), 'agent-mysql-start': telling({ do: 'start-mysql' }), 'agent-seed': agentSeed,
  'agent-active-seeds': (({ host }, parts) => served(parts, async ({ seeds }) => ok(await seeds.active(host)))) satisfies Handler<Contract['agent-active-seeds']>,
  'agent-recent-seeds': (({ host }, parts) => served(parts, async ({ seeds }) => ok(await seeds.recent(host)))) satisfies Handler<Contract['agent-recent-seeds']>,
  'agent-seed-details': agentSeedDetails,
  'agent-seed-states': (({ seedId }, parts) => served(parts, async ({ seeds }) => ok(await seeds.states(seedId)))) satisfies Handler<Contract['agent-seed-states']>,
  'agent-abort-seed': agentAbortSeed, 'agent-custom-command': agentCustomCommand,
  'seeds': ((_input, parts) => served(parts, async ({ seeds }) => ok(await seeds.all()))) satisfies Handler<Contract['seeds']>,
}
