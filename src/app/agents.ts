import { HttpAgents } from '../adapters/agents/http-agents.ts'
import { agentClientSettings } from '../adapters/agents/settings.ts'
import type { Settings } from '../config/settings.ts'
import { Agents } from '../engine/agents/agents.ts'
import { Seeds } from '../engine/agents/seeds.ts'
import { agentSettings } from '../engine/agents/settings.ts'
import type { AgentParts } from '../engine/operations/agent-parts.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { settingValues } from '../kit/setting.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'

export interface AgentsWish {
  readonly settings: Settings
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly changesNothing: boolean
  audit(kind: string, key: InstanceKey | null, message: string): void
  discover(key: InstanceKey): Promise<unknown>
  isLeader(): boolean
}

/** Agents and seeds where settings say so; null where they do not. The failure is a sentence for the operator. */
export function buildAgents({ settings: all, store, clock, log, changesNothing, audit, discover, isLeader }: AgentsWish): Result<AgentParts, string> {
  const settings = settingValues(agentSettings, all)
  if (!settings.isServed) return ok(null)
  try {
    const client = new HttpAgents(settingValues(agentClientSettings, all), log)
    const agents = new Agents({
      client, store, clock, log, settings, changesNothing, audit, isLeader,
      discover: async key => {
        await discover(key).catch((error: unknown) => log.error('the MySQL of an agent could not be read', { server: key, text: String(error) }))
      },
    })
    return ok({ agents, seeds: new Seeds({ agents, client, store, clock, log, settings, changesNothing, audit, isLeader }) })
  } catch (error) {
    return fail(`The files of AgentSSL… cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
