import { fileURLToPath } from 'node:url'
import type { EtcdGroupPolicy } from '../../../src/engine/group/etcd-policy.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import type { Result } from '../../../src/kit/result.ts'
import type { GroupRefusal, GroupStanding, Json } from '../../../src/ports/group.ts'
import { AskedProcess, noAnswer } from '../raft/asked-process.ts'
import { until } from '../raft/member-process.ts'
import type { RegisterCommand } from '../raft/register-commands.ts'
import type { ManagerQuestion, ManagerSaid, ManagerSettings } from './manager-words.ts'

export type ManagerStanding = GroupStanding & { readonly isLeader: boolean }

/** One manager as a process that can be killed, frozen and asked. */
export class ManagerProcess extends AskedProcess<ManagerSettings, ManagerQuestion, ManagerSaid> {
  constructor(settings: ManagerSettings) {
    super(fileURLToPath(new URL('manager-program.ts', import.meta.url)), settings, 'shown')
  }

  get name(): string {
    return this.settings.name
  }

  get failures(): readonly string[] {
    return this.said.flatMap(said => (said.kind === 'failed' ? [said.text] : []))
  }

  async standing(milliseconds = 1000): Promise<ManagerStanding | null> {
    const standing = await this.ask({ what: 'standing' }, milliseconds)
    return standing === noAnswer ? null : standing as ManagerStanding // as manager-program.ts makes it
  }

  async propose(id: string, command: RegisterCommand, milliseconds = 6000): Promise<Result<Json, GroupRefusal>> {
    const answer = await this.ask({ what: 'propose', id, command }, milliseconds)
    return answer === noAnswer ? { ok: false, failure: { kind: 'unknown', leader: null, text: 'no answer' } } : answer as Result<Json, GroupRefusal> // as manager-program.ts makes it
  }

  /** A sentence where it does not answer. */
  async confirm(): Promise<string | null> {
    const answer = await this.ask({ what: 'confirm' }, 10_000)
    return answer === noAnswer ? 'no answer' : (answer as Reason | null)?.code ?? null // as manager-program.ts makes it
  }

  async look(key: string): Promise<string | null> {
    const answer = await this.ask({ what: 'look', key }, 5000)
    return typeof answer === 'string' ? answer : null
  }
}

/** Several managers of one etcd. */
export class ManagerProcesses implements AsyncDisposable {
  readonly managers = new Map<string, ManagerProcess>()
  readonly #endpoints: readonly string[]
  readonly #policy: Partial<EtcdGroupPolicy>

  constructor(endpoints: readonly string[], names: readonly string[], policy: Partial<EtcdGroupPolicy> = {}) {
    this.#endpoints = endpoints
    this.#policy = policy
    for (const name of names) this.begin(name)
  }

  begin(name: string): ManagerProcess {
    const manager = new ManagerProcess({ name, endpoints: this.#endpoints, policy: this.#policy })
    this.managers.set(name, manager)
    return manager
  }

  of(name: string): ManagerProcess {
    const manager = this.managers.get(name)
    if (manager === undefined) throw new Error(`there is no manager ${name}`)
    return manager
  }

  /** The one that answers as leader. */
  leader(beside: readonly string[] = []): Promise<ManagerProcess> {
    return until(async () => {
      const all = await Promise.all([...this.managers.values()].filter(({ name, isAlive }) => isAlive && !beside.includes(name)).map(async manager => ({ manager, standing: await manager.standing(300) })))
      return all.find(({ standing }) => standing?.isLeader === true)?.manager ?? null
    }, `a leader beside ${beside.join(', ') || 'nobody'}`, 60_000)
  }

  /** Asks one after the other until one carries it out. The same id is carried out once, however often it is asked for. */
  async propose(id: string, command: RegisterCommand): Promise<Json> {
    const { value } = await until(async () => {
      for (const manager of this.managers.values()) {
        if (!manager.isAlive) continue
        const answer = await manager.propose(id, command, 2000)
        if (answer.ok) return { value: answer.value }
      }
      return null
    }, `${id} is carried out`, 60_000)
    return value
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const manager of this.managers.values()) await manager.kill()
  }
}
