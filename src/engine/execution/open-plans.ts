import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Intent, Intents } from '../../ports/intents.ts'

/** Which plans that the store holds as open this process works on; every other one of people was left half done by a process that ended or lost its lead. */
export class OpenPlans {
  readonly #intents: Pick<Intents, 'open'>
  readonly #underWay = new Set<number>()

  constructor(intents: Pick<Intents, 'open'>) {
    this.#intents = intents
  }

  isUnderWay(id: number): boolean {
    return this.#underWay.has(id)
  }

  begun(id: number): void {
    this.#underWay.add(id)
  }

  over(id: number): void {
    this.#underWay.delete(id)
  }

  /** The oldest that touches one of these servers and is nobody's; null also where the store cannot be asked: then nothing of it is known to be half done. */
  async leftOn(servers: readonly InstanceKey[]): Promise<Intent | null> {
    // What ends while the store answers was under way when it was asked.
    const before = new Set(this.#underWay)
    const open = await this.#intents.open().catch((): readonly Intent[] => [])
    return open.find(({ id, recoveryUid, plan }) => recoveryUid === '' && !before.has(id) && !this.#underWay.has(id) && plan.steps.some(({ step }) => servers.includes(step.on))) ?? null
  }
}
