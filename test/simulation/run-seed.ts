import { brokenIn } from './checkers.ts'
import { Simulation, type SimulationWish } from './simulation.ts'

export interface SeedResult {
  readonly seed: number
  readonly policy: string
  readonly flavour: string
  readonly servers: number
  readonly faults: readonly string[]
  readonly broken: readonly string[]
  readonly acknowledged: number
  readonly promotions: number
  /** Whom a recovery left behind. */
  readonly lost: readonly string[]
  readonly steps: number
  /** Whom a step made writable, in order. */
  readonly madeWritable: readonly string[]
  /** Each recovery that came to its end: who failed, and who took its place. */
  readonly recoveries: readonly { readonly key: string; readonly successor: string | null }[]
}

/** Runs one world to its end. A fault of ours that throws is part of the answer. */
export async function runSeed(wish: SimulationWish): Promise<SeedResult> {
  const thrown: string[] = []
  const onFault = (error: unknown): void => void thrown.push(`FAULT ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.on('unhandledRejection', onFault)
  const simulation = new Simulation(wish)
  try {
    await simulation.run()
  } catch (error) {
    onFault(error)
  } finally {
    process.off('unhandledRejection', onFault)
  }
  return {
    seed: wish.seed, policy: simulation.policy, flavour: simulation.flavour, servers: simulation.keys.length, faults: simulation.plan.map(({ at, fault }) => `${(at / 1000).toFixed(1)} s ${fault.says}`),
    broken: [...thrown, ...brokenIn(simulation)], acknowledged: simulation.acknowledged.length,
    promotions: simulation.memory.recoveries.filter(({ kind, isSuccessful }) => kind === 'MasterRecovery' && isSuccessful).length, steps: simulation.memory.steps.length, lost: simulation.memory.recoveries.flatMap(({ lostReplicas }) => lostReplicas),
    madeWritable: simulation.witness.madeWritable.map(({ server }) => server), recoveries: simulation.memory.recoveries.map(({ key, successor }) => ({ key, successor })),
  }
}
