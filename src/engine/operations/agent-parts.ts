import type { Agents } from '../agents/agents.ts'
import type { Seeds } from '../agents/seeds.ts'

/** What handlers of agents and seeds reach for; null where settings say that none are served. */
export type AgentParts = { readonly agents: Agents; readonly seeds: Seeds } | null
