import type { Result } from '../kit/result.ts'
import type { AgentCommand, AgentReport } from '../model/agents/agent.ts'
import type { CopyLook } from '../model/agents/copy-progress.ts'
import type { Seed, SeedState } from '../model/agents/seed-record.ts'

/** Where an agent is reached, and what it wants to be shown. */
export interface AgentAddress {
  readonly host: string
  readonly port: number
  readonly token: string
}

/** The agents on database hosts. No method throws for what an agent or the network did; the failure is a sentence, without the token. */
export interface Agents {
  /** Everything, question by question. A failure: it answered none. */
  look(agent: AgentAddress): Promise<Result<AgentReport, string>>
  /** What it answered, as text. */
  command(agent: AgentAddress, command: AgentCommand): Promise<Result<string, string>>
  lookAtCopy(agent: AgentAddress, seed: number): Promise<Result<CopyLook, string>>
  /** A command as the audit has it. */
  says(command: AgentCommand): string
}

/** An agent that registered. Times in ms since 1970. */
export interface AgentRecord extends AgentAddress {
  readonly submittedAt: number
  /** Null: never. */
  readonly checkedAt: number | null
  readonly seenAt: number | null
  readonly mysqlPort: number | null
  readonly snapshots: number
}

export interface AgentStore {
  /** By host. */
  list(): Promise<readonly AgentRecord[]>
  /** Replaces what was known of the host's agent. */
  submit(agent: AgentAddress, at: number): Promise<void>
  /** It was looked at; `seen` null: it did not answer. */
  noteLook(host: string, at: number, seen: Pick<AgentRecord, 'mysqlPort' | 'snapshots'> | null): Promise<void>
  /** Drops those that registered last before, and says how many. */
  expire(submittedBefore: number): Promise<number>
}

/** What agents say of their hosts. */
export interface HostAttribute {
  readonly host: string
  readonly name: string
  readonly value: string
  readonly submittedAt: number
}

export interface HostAttributeStore {
  /** By host and name; of one name when it is given. */
  list(name?: string): Promise<readonly HostAttribute[]>
  put(attribute: HostAttribute): Promise<void>
}

export interface SeedStore {
  begin(seed: Pick<Seed, 'target' | 'source' | 'startedAt'>): Promise<number>
  /** Adds a step, and answers its number. */
  step(step: Omit<SeedState, 'id'>): Promise<number>
  failStep(id: number, error: string): Promise<void>
  /** False when it had ended already. */
  end(id: number, at: number, isSuccessful: boolean): Promise<boolean>
  get(id: number): Promise<Seed | null>
  /** Those that have not ended, oldest first. */
  open(): Promise<readonly Seed[]>
  /** Newest first; of one host, and only ended ones, when asked for. */
  recent(limit: number, of?: { readonly host: string }): Promise<readonly Seed[]>
  /** Newest first. */
  states(seed: number): Promise<readonly SeedState[]>
}
