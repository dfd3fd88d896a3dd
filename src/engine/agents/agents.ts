import { goPattern } from '../../kit/go-pattern.ts'
import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type AgentCommand, type AgentReport, isHostName } from '../../model/agents/agent.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import type { AgentAddress, AgentRecord, Agents as AgentClient, HostAttribute } from '../../ports/agents.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'
import { agentReason } from './reasons.ts'
import type { AgentSettings } from './settings.ts'

export interface AgentsParts {
  readonly client: AgentClient
  readonly store: Pick<Store, 'agents' | 'hostAttributes' | 'seeds'>
  readonly clock: Clock
  readonly log: Log
  readonly settings: AgentSettings
  /** -noop: agents are asked, and told nothing. */
  readonly changesNothing: boolean
  audit(kind: string, key: InstanceKey | null, message: string): void
  /** Reads the MySQL of a host; what fails is logged. */
  discover(key: InstanceKey): Promise<void>
  isLeader(): boolean
}

/** An agent, and what it answered just now. */
export interface SeenAgent {
  readonly record: AgentRecord
  readonly report: AgentReport
}

/** Looks under way at once: each may last for as long as a request may. */
const looksMax = 10
/** An agent registers every minute; in a group that is told again only so often. */
const tellAgainMilliseconds = 600_000

/** The agents that registered: what they say, and what they are told. */
export class Agents {
  readonly #parts: AgentsParts
  readonly #allowed: readonly RegExp[]
  readonly #underWay = new Set<string>()
  #snapshots: ReadonlyMap<string, number> = new Map()

  constructor(parts: AgentsParts) {
    this.#parts = parts
    // The form of each was checked when the file was read.
    this.#allowed = parts.settings.allowedHosts.flatMap(text => {
      const pattern = goPattern(`^(?:${text})$`)
      return pattern.ok ? [pattern.value] : []
    })
  }

  /** Logical volumes of each host, as last seen. */
  get snapshots(): ReadonlyMap<string, number> {
    return this.#snapshots
  }

  /** An agent says where it is. It is looked at in the background, with the MySQL that it names. */
  async submit(host: string, port: string, token: string): Promise<Result<string, Reason>> {
    if (!isHostName(host)) return fail(agentReason('agent-host-invalid', { host: host.slice(0, 200) }))
    if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) return fail(agentReason('agent-port-invalid', { port: port.slice(0, 20) }))
    if (!/^[\x21-\x7e]{1,128}$/.test(token)) return fail(agentReason('agent-token-invalid', {}))
    if (this.#parts.settings.allowedHosts.length > 0 && !this.#allowed.some(pattern => pattern.test(host))) return fail(agentReason('agent-host-not-allowed', { host }))
    const { store, clock, log } = this.#parts
    const agent = { host, port: Number(port), token }
    const known = (await store.agents.list()).find(record => record.host === host)
    const isNews = known === undefined || known.port !== agent.port || known.token !== token || clock.now() - known.submittedAt >= tellAgainMilliseconds
    if (isNews) await store.agents.submit(agent, clock.now())
    if (isNews && this.#underWay.size < looksMax) void this.#lookInTurn(agent).catch((error: unknown) => log.error('an agent could not be looked at', { host, text: String(error) }))
    return ok(host)
  }

  async putAttribute(attribute: Omit<HostAttribute, 'submittedAt'>): Promise<Result<null, Reason>> {
    if (!isHostName(attribute.host)) return fail(agentReason('agent-host-invalid', { host: attribute.host.slice(0, 200) }))
    const short = { host: attribute.host, name: attribute.name.slice(0, 128), value: attribute.value.slice(0, 128) }
    const known = (await this.#parts.store.hostAttributes.list(short.name)).find(({ host }) => host === short.host)
    const now = this.#parts.clock.now()
    if (known === undefined || known.value !== short.value || now - known.submittedAt >= tellAgainMilliseconds) await this.#parts.store.hostAttributes.put({ ...short, submittedAt: now })
    return ok(null)
  }

  attributes(name: string): Promise<readonly HostAttribute[]> {
    return this.#parts.store.hostAttributes.list(name)
  }

  list(): Promise<readonly AgentRecord[]> {
    return this.#parts.store.agents.list()
  }

  async record(host: string): Promise<Result<AgentRecord, Reason>> {
    const record = (await this.list()).find(each => each.host === host)
    return record === undefined ? fail(agentReason('agent-unknown', { host })) : ok(record)
  }

  /** Asks an agent everything now; what it did not answer is null. */
  async see(host: string): Promise<Result<SeenAgent, Reason>> {
    const record = await this.record(host)
    if (!record.ok) return record
    const report = await this.look(record.value)
    return report.ok ? ok({ record: record.value, report: report.value }) : fail(agentReason('agent-failed', { text: report.failure }))
  }

  /** Asks everything, and remembers that it was asked. */
  async look(agent: AgentAddress): Promise<Result<AgentReport, string>> {
    const { client, store, clock } = this.#parts
    const report = await client.look(agent)
    // What is not known stays as it was: no answer is not "no snapshots".
    const before = report.ok && report.value.volumes === null ? (await this.list()).find(({ host }) => host === agent.host)?.snapshots ?? 0 : 0
    await store.agents.noteLook(agent.host, clock.now(), report.ok ? { mysqlPort: report.value.mysqlPort, snapshots: report.value.volumes?.length ?? before } : null)
    return report
  }

  /** Tells an agent to do something, which the audit has, and answers what it said. */
  async tell(host: string, command: AgentCommand): Promise<Result<string, Reason>> {
    if (this.#parts.changesNothing) return fail(agentReason('agent-noop', { host }))
    const record = await this.record(host)
    if (!record.ok) return record
    const told = await this.told(record.value, command)
    return told.ok ? told : fail(agentReason('agent-failed', { text: told.failure }))
  }

  async told(agent: AgentAddress, command: AgentCommand): Promise<Result<string, string>> {
    const { client, audit } = this.#parts
    if (this.#parts.changesNothing) return fail(agentReason('agent-noop', { host: agent.host }).text)
    const answer = await client.command(agent, command)
    audit('agent-command', null, `${agent.host}: ${client.says(command)}${answer.ok ? '' : `; ${answer.failure}`}`)
    return answer
  }

  async discover(host: string, port: number): Promise<void> {
    if (port > 0 && port <= 65535) await this.#parts.discover(instanceKey(host, port))
  }

  /** Looks at those whose turn it is; a bounded number at once. */
  async lookAtDue(now: number): Promise<void> {
    const all = await this.list()
    this.#snapshots = new Map(all.map(({ host, snapshots }) => [host, snapshots]))
    if (!this.#parts.isLeader()) return
    const due = all.filter(({ host, checkedAt }) => (checkedAt === null || checkedAt <= now - this.#parts.settings.pollMinutes * 60_000) && !this.#underWay.has(host))
    for (const agent of due.slice(0, Math.max(0, looksMax - this.#underWay.size))) {
      void this.#lookInTurn(agent).catch((error: unknown) => this.#parts.log.error('an agent could not be looked at', { host: agent.host, text: String(error) }))
    }
  }

  async forgetUnseen(now: number): Promise<void> {
    const limit = now - this.#parts.settings.forgetHours * 3_600_000
    // In a group each write is told to all: nothing is written where there is nothing to forget.
    if (!(await this.list()).some(({ submittedAt }) => submittedAt < limit)) return
    const count = await this.#parts.store.agents.expire(limit)
    if (count > 0) this.#parts.audit('forget-unseen-agents', null, `${count} agents`)
  }

  async #lookInTurn(agent: AgentAddress): Promise<void> {
    if (this.#underWay.has(agent.host)) return
    this.#underWay.add(agent.host)
    try {
      const report = await this.look(agent)
      if (report.ok && report.value.mysqlPort !== null) await this.discover(agent.host, report.value.mysqlPort)
    } finally {
      this.#underWay.delete(agent.host)
    }
  }
}
