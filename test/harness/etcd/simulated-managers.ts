import { EtcdGroup } from '../../../src/engine/group/etcd-group.ts'
import { type EtcdGroupPolicy, usualEtcdPolicy } from '../../../src/engine/group/etcd-policy.ts'
import { CommandMachine } from '../../../src/engine/raft/command-machine.ts'
import { seededRandom } from '../../../src/kit/seeded-random.ts'
import type { Random } from '../../../src/ports/random.ts'
import { type RegisterCommand, registerCommands, registers } from '../raft/register-commands.ts'
import { SimulatedClock } from '../simulated-clock.ts'
import { MemoryEtcd } from './memory-etcd.ts'

export interface SimulatedManager {
  readonly group: EtcdGroup<RegisterCommand>
  readonly world: Map<string, string>
  readonly troubles: string[]
  readonly failures: string[]
}

/** Managers of one simulated etcd, with registers as their memory. */
export class SimulatedManagers {
  readonly clock = new SimulatedClock()
  readonly etcd = new MemoryEtcd(this.clock)
  readonly managers = new Map<string, SimulatedManager>()
  readonly #policy: EtcdGroupPolicy
  readonly #random: Random
  /** How long a manager takes to apply one command. */
  applyMilliseconds = 0
  /** Two leaders at one moment, as each knows it by itself. */
  readonly wrong: string[] = []

  constructor(policy: Partial<EtcdGroupPolicy> = {}, seed = 1) {
    this.#policy = { ...usualEtcdPolicy, ...policy }
    const fraction = seededRandom(seed)
    this.#random = { fraction, hex: bytes => Array.from({ length: bytes }, () => Math.floor(fraction() * 256).toString(16).padStart(2, '0')).join('') }
  }

  start(name: string, memory: readonly (readonly [string, string])[] = []): SimulatedManager {
    const registersOfOne = registers()
    for (const [key, value] of memory) registersOfOne.world.set(key, value)
    const [troubles, failures]: [string[], string[]] = [[], []]
    const machine = new CommandMachine<Map<string, string>, RegisterCommand>(registerCommands, registersOfOne)
    const group = new EtcdGroup<RegisterCommand>({
      etcd: this.etcd.client(name), clock: this.clock, random: this.#random, policy: this.#policy, prefix: '/orchestrator/test', name, uri: `http://${name}:3000`,
      machine: {
        apply: async (place, data) => {
          if (this.applyMilliseconds > 0) await this.clock.sleep(this.applyMilliseconds)
          return machine.apply(place, data)
        },
        snapshot: () => machine.snapshot(), restore: state => machine.restore(state), together: act => machine.together(act),
      },
      events: { trouble: text => troubles.push(text), failed: text => failures.push(text) },
    })
    const manager = { group, world: registersOfOne.world, troubles, failures }
    this.managers.set(name, manager)
    return manager
  }

  of(name: string): SimulatedManager {
    const manager = this.managers.get(name)
    if (manager === undefined) throw new Error(`there is no manager ${name}`)
    return manager
  }

  leaders(): readonly string[] {
    return [...this.managers].filter(([, { group }]) => group.isLeader()).map(([name]) => name)
  }

  /** Lets time pass, and looks every so often whether more than one leads. */
  async pass(milliseconds: number, every = 10): Promise<void> {
    for (let left = milliseconds; left > 0; left -= every) {
      await this.clock.pass(Math.min(every, left))
      const leaders = this.leaders()
      if (leaders.length > 1) this.wrong.push(`at ${this.clock.now()} ${leaders.join(' and ')} lead`)
    }
  }

  async until(holds: () => boolean, what: string, milliseconds = 20_000): Promise<void> {
    for (let passed = 0; !holds(); passed += 10) {
      if (passed > milliseconds) throw new Error(`not within ${milliseconds} ms of simulated time: ${what}; ${this.#states()}`)
      await this.pass(10)
    }
  }

  async leader(beside: readonly string[] = []): Promise<string> {
    await this.until(() => this.leaders().some(name => !beside.includes(name)), `a leader beside ${beside.join(', ') || 'nobody'}`)
    const [leader] = this.leaders().filter(name => !beside.includes(name))
    if (leader === undefined) throw new Error('nobody leads')
    return leader
  }

  /** What a promise comes to while time passes. */
  async comesTo<Value>(promise: Promise<Value>): Promise<Value> {
    let came: { readonly value: Value } | null = null
    void promise.then(value => (came = { value }))
    await this.until(() => came !== null, 'an answer')
    return (came as unknown as { readonly value: Value }).value // set above
  }

  async close(): Promise<void> {
    const closing = Promise.all([...this.managers.values()].map(({ group }) => group.close()))
    await this.comesTo(closing)
  }

  #states(): string {
    return [...this.managers].map(([name, { group, failures }]) => `${name}: ${group.standing().says.text} ${failures.join()}`).join('; ')
  }
}
