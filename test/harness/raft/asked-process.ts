import { type ChildProcess, fork } from 'node:child_process'

/** What a process that is dead, frozen or too slow answers. */
export const noAnswer = Symbol('no answer')

/** A TypeScript program of the tests as a process that can be killed, frozen and asked. It gets its settings as an argument, and answers by number. */
export abstract class AskedProcess<Settings, Question extends object, Said extends { readonly kind: string }> {
  readonly settings: Settings
  /** Everything that it said unasked. */
  readonly said: Said[] = []
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (value: unknown) => void>()
  readonly #closed: Promise<void>
  #number = 0
  #complaint = ''

  /** `errors`: what it writes on its standard error is kept to be asked for, or shown. */
  constructor(program: string, settings: Settings, errors: 'kept' | 'shown') {
    this.settings = settings
    this.#child = fork(program, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', errors === 'kept' ? 'pipe' : 'inherit', 'ipc'] })
    this.#child.stderr?.on('data', (text: Buffer) => { this.#complaint += text.toString() })
    this.#closed = new Promise(resolve => this.#child.on('close', () => resolve()))
    this.#child.on('exit', () => { for (const settle of this.#waiting.values()) settle(noAnswer) })
    this.#child.on('error', () => undefined) // a question to one that was just killed; it is answered by its end
    this.#child.on('message', (said: Said | Answer) => {
      if (isAnswer(said)) this.#waiting.get(said.number)?.(said.value)
      else this.said.push(said)
    })
  }

  /** What it wrote on its standard error. */
  protected get errorOutput(): string {
    return this.#complaint
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** `noAnswer` when it has died or says nothing within the time. */
  ask(question: Question, milliseconds: number): Promise<unknown> {
    const number = (this.#number += 1)
    return new Promise(resolve => {
      const settle = (value: unknown): void => {
        clearTimeout(late)
        this.#waiting.delete(number)
        resolve(value)
      }
      const late = setTimeout(() => settle(noAnswer), milliseconds)
      this.#waiting.set(number, settle)
      if (!this.isAlive || !this.#child.connected) return settle(noAnswer)
      this.#child.send({ ...question, number }, error => { if (error) settle(noAnswer) })
      return undefined
    })
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#closed
  }
}

interface Answer {
  readonly kind: 'answer'
  readonly number: number
  readonly value: unknown
}

const isAnswer = (said: { readonly kind: string }): said is Answer => said.kind === 'answer'
