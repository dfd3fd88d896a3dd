import type { OperationAnswer, PlanView } from '../../../src/contract/views.ts'

export interface Envelope {
  readonly Code: 'OK' | 'ERROR'
  readonly Message: string
  readonly Details: unknown
}

/** A service's API as tests use it. Its answers have the shapes of the contract. */
export class Api {
  readonly #address: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(address: string, headers: Readonly<Record<string, string>> = {}) {
    this.#address = address
    // A connection that is kept may be closed by the service in the very moment in which the next request goes out.
    this.#headers = { ...headers, connection: 'close' }
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await fetch(this.#address + path, { headers: this.#headers })).json() as Promise<Answer>
  }

  /** A former route that answers an envelope. */
  former(path: string): Promise<Envelope> {
    return this.get<Envelope>(`/api/${path}`)
  }

  async post(path: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(this.#address + path, { method: 'POST', headers: { ...this.#headers, 'content-type': 'application/json' }, body: JSON.stringify(body) })
    return { status: response.status, body: await response.json() }
  }

  async operation(name: string, input: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>> = {}): Promise<OperationAnswer> {
    return (await this.post(`/api/v2/operations/${name}`, { input, ...more })).body as OperationAnswer
  }

  /** The plan of a dry run; throws where there is none. */
  async plan(name: string, input: Readonly<Record<string, string>>): Promise<PlanView> {
    const answer = await this.operation(name, input, { dryRun: true })
    if (answer.state !== 'plan') throw new Error(`no plan: ${JSON.stringify(answer)}`)
    return answer.plan
  }
}

/** Asks again until the condition holds; the last answer is in the error when it never does. */
export async function until<Value>(ask: () => Promise<Value>, holds: (value: Value) => boolean, milliseconds = 10_000): Promise<Value> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const value = await ask()
    if (holds(value)) return value
    if (performance.now() > deadline) throw new Error(`did not come true within ${milliseconds} ms; last: ${JSON.stringify(value)?.slice(0, 2000)}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
