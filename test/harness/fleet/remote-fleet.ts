import { type ChildProcess, fork } from 'node:child_process'
import type { Behaviour, Trouble } from './fake-server.ts'
import type { FleetAnswer, FleetCommand, FleetProcessReport, FleetProcessWish } from './fleet-process.ts'

const answerMillisMax = 60_000

type CommandText = FleetCommand extends infer Each ? (Each extends FleetCommand ? Omit<Each, 'id'> : never) : never

/** The handle of a fleet in a process of its own. */
export class RemoteFleet {
  /** One address per cluster. */
  readonly seeds: readonly string[]
  readonly #child: ChildProcess
  #commands = 0

  private constructor(child: ChildProcess, seeds: readonly string[]) {
    this.#child = child
    this.seeds = seeds
  }

  static async start(wish: FleetProcessWish): Promise<RemoteFleet> {
    const child = fork(new URL('./fleet-process.ts', import.meta.url), [JSON.stringify(wish)], { execArgv: [] })
    const { seeds = [] } = await answerTo(child, 0)
    return new RemoteFleet(child, seeds)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  async reset(): Promise<void> {
    await this.#ask({ do: 'reset' })
  }

  async report(): Promise<FleetProcessReport> {
    const { report } = await this.#ask({ do: 'report' })
    if (report === undefined) throw new Error('The fleet gave no report')
    return report
  }

  /** Makes a share of the servers behave so; answers how many. */
  async behave(share: number, behaviour: Behaviour): Promise<number> {
    return (await this.#ask({ do: 'behave', share, behaviour })).changed ?? 0
  }

  /** Gives the replicas at these places this trouble, or none. */
  async trouble(places: readonly number[], trouble: Trouble | null): Promise<void> {
    await this.#ask({ do: 'trouble', places, trouble })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await ended
  }

  #ask(text: CommandText): Promise<FleetAnswer> {
    const id = ++this.#commands
    const answer = answerTo(this.#child, id)
    this.#child.send({ ...text, id })
    return answer
  }
}

function answerTo(child: ChildProcess, id: number): Promise<FleetAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(late)
      child.removeListener('message', onMessage).removeListener('exit', onExit)
      act()
    }
    const onMessage = (answer: FleetAnswer): void => {
      if (answer.id === id) settle(() => resolve(answer))
    }
    const onExit = (): void => settle(() => reject(new Error('The fleet ended; its reason is above')))
    const late = setTimeout(() => settle(() => reject(new Error(`The fleet did not answer within ${answerMillisMax / 1000} s`))), answerMillisMax)
    child.on('message', onMessage).once('exit', onExit)
  })
}
