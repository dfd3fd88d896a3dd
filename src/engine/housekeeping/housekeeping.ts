import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'

export interface Task {
  readonly name: string
  readonly everyMilliseconds: number
  /** Only the process that leads does it. */
  readonly onlyLeader: boolean
  run(now: number): Promise<void>
}

/** Runs each task of a table at its pace until it is stopped. */
export class Housekeeping {
  readonly #parts: { readonly clock: Clock; readonly log: Log; readonly isLeader: () => boolean }
  readonly #tasks: readonly Task[]
  #stop = new AbortController()
  #loops: readonly Promise<void>[] = []

  constructor(parts: { readonly clock: Clock; readonly log: Log; readonly isLeader: () => boolean }, tasks: readonly Task[]) {
    this.#parts = parts
    this.#tasks = tasks
  }

  start(): void {
    this.#stop = new AbortController()
    this.#loops = this.#tasks.map(task => this.#repeat(task, this.#stop.signal))
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#loops)
  }

  async #repeat(task: Task, stop: AbortSignal): Promise<void> {
    const { clock, log, isLeader } = this.#parts
    while (!stop.aborted) {
      if (!task.onlyLeader || isLeader()) {
        try {
          await task.run(clock.now())
        } catch (error) {
          log.error(`${task.name} failed`, { text: error instanceof Error ? error.message : String(error) })
        }
      }
      await clock.sleep(task.everyMilliseconds, stop)
    }
  }
}
