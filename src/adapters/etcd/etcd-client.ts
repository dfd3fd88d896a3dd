import { fail, ok, type Result } from '../../kit/result.ts'
import type { Etcd, EtcdAnswer, EtcdEvent, EtcdFailure, EtcdLease, EtcdTransaction, EtcdWatch } from '../../ports/etcd.ts'
import { EtcdConnection } from './connection.ts'
import { answerOf, eventsOf, failureOf, type Fields, isTokenRefused, numberOf, objectOf, parsed, textOf, transactionFields, watchFields } from './gateway-words.ts'
import type { EtcdOptions } from './options.ts'

/** etcd over its JSON gateway: the member that answered last is asked first, and the others in turn when it does not. */
export class EtcdClient implements Etcd {
  readonly #options: EtcdOptions
  readonly #connections: readonly EtcdConnection[]
  #preferred = 0
  #token: string | null = null
  #isClosed = false

  constructor(options: EtcdOptions) {
    this.#options = options
    this.#connections = options.endpoints.map(endpoint => new EtcdConnection(endpoint, options))
  }

  async transact(transaction: EtcdTransaction, deadlineMilliseconds: number): Promise<Result<EtcdAnswer, EtcdFailure>> {
    const answer = await this.#ask('/v3/kv/txn', transactionFields(transaction), deadlineMilliseconds)
    return answer.ok ? ok(answerOf(answer.value)) : answer
  }

  async grantLease(seconds: number, deadlineMilliseconds: number): Promise<Result<EtcdLease, EtcdFailure>> {
    const answer = await this.#ask('/v3/lease/grant', { TTL: String(seconds) }, deadlineMilliseconds)
    return answer.ok ? ok({ id: textOf(answer.value['ID']), seconds: numberOf(answer.value['TTL']) }) : answer
  }

  /** A lease that is gone is answered with the time 0. */
  async keepLease(id: string, deadlineMilliseconds: number): Promise<Result<EtcdLease, EtcdFailure>> {
    const answer = await this.#ask('/v3/lease/keepalive', { ID: id }, deadlineMilliseconds)
    if (!answer.ok) return answer
    const seconds = numberOf(objectOf(answer.value['result'])['TTL'])
    return seconds > 0 ? ok({ id, seconds }) : fail({ kind: 'lease-gone', text: `lease ${id} has expired` })
  }

  async endLease(id: string, deadlineMilliseconds: number): Promise<Result<null, EtcdFailure>> {
    const answer = await this.#ask('/v3/lease/revoke', { ID: id }, deadlineMilliseconds)
    return answer.ok || answer.failure.kind === 'lease-gone' ? ok(null) : answer
  }

  watch(what: EtcdWatch, events: { seen(events: readonly EtcdEvent[]): void; ended(failure: EtcdFailure): void }): () => void {
    const connection = this.#connection(this.#preferred)
    let isOver = false
    const end = (failure: EtcdFailure): void => {
      if (isOver) return
      isOver = true
      stop()
      events.ended(failure)
    }
    const stop = connection.listen('/v3/watch', JSON.stringify(watchFields(what)), this.#token, {
      line: text => {
        const fields = parsed(text)
        if (fields === null) return end({ kind: 'refused', text: `${connection.endpoint}: what it tells is not JSON: ${text.slice(0, 200)}` })
        const result = objectOf(fields['result'])
        if (!('result' in fields)) return end(failureOf(fields, 200, connection.endpoint))
        if (numberOf(result['compact_revision']) > 0) return end({ kind: 'compacted', text: `${connection.endpoint}: changes from ${what.fromRevision} on are no longer kept` })
        if (result['canceled'] === true) return end(failureOf({ message: textOf(result['cancel_reason']) || 'the watch was cancelled' }, 200, connection.endpoint))
        const seen = eventsOf(result)
        if (seen.length > 0 && !isOver) events.seen(seen)
        return undefined
      },
      ended: why => end({ kind: 'unreachable', text: why }),
    })
    return () => {
      isOver = true
      stop()
    }
  }

  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections) connection.close()
  }

  async #ask(path: string, fields: Fields, deadlineMilliseconds: number): Promise<Result<Fields, EtcdFailure>> {
    const body = JSON.stringify(fields)
    const until = performance.now() + deadlineMilliseconds
    const { login, limits } = this.#options
    let last: EtcdFailure = { kind: 'unreachable', text: 'the way to etcd is closed' }
    let logins = 0
    for (let tries = 0; !this.#isClosed; tries += 1) { // ends with the deadline
      if (tries > 0 && tries % this.#connections.length === 0) await new Promise(resolve => setTimeout(resolve, limits.againMilliseconds))
      if (tries > 0 && performance.now() + worthMilliseconds > until) break
      const at = this.#preferred
      const left = Math.max(1, Math.min(limits.attemptMilliseconds, Math.ceil(until - performance.now())))
      if (login !== null && this.#token === null) {
        const failure = await this.#logIn(this.#connection(at), login, left)
        if (failure !== null) {
          if (tries === 0 || left >= limits.attemptMilliseconds) last = failure
          if (failure.kind !== 'unreachable') return fail(failure)
          this.#passOver(at)
          continue
        }
      }
      const answer = await this.#once(this.#connection(at), path, body, left)
      if (answer.ok) return answer
      // The last attempt of all has little time: what an earlier one met says more.
      if (tries === 0 || left >= limits.attemptMilliseconds || answer.failure.kind !== 'unreachable') last = answer.failure
      if (login !== null && logins === 0 && isTokenRefused(answer.failure)) {
        logins += 1
        this.#token = null
        continue
      }
      if (answer.failure.kind !== 'unreachable') return answer
      this.#passOver(at)
    }
    return fail(last)
  }

  async #once(connection: EtcdConnection, path: string, body: string, milliseconds: number): Promise<Result<Fields, EtcdFailure>> {
    const answer = await connection.ask(path, body, this.#token, milliseconds)
    if (!answer.ok) return fail({ kind: 'unreachable', text: answer.failure })
    const fields = parsed(answer.value.body)
    if (answer.value.status !== 200 || fields === null || 'error' in fields) return fail(fields === null ? notEtcd(connection, answer.value) : failureOf(fields, answer.value.status, connection.endpoint))
    return ok(fields)
  }

  async #logIn(connection: EtcdConnection, { user, password }: NonNullable<EtcdOptions['login']>, milliseconds: number): Promise<EtcdFailure | null> {
    const answer = await this.#once(connection, '/v3/auth/authenticate', JSON.stringify({ name: user, password }), milliseconds)
    if (!answer.ok) return answer.failure
    this.#token = textOf(answer.value['token'])
    return null
  }

  /** Somebody else may have passed it over already. */
  #passOver(at: number): void {
    if (this.#preferred === at) this.#preferred = (at + 1) % this.#connections.length
  }

  #connection(at: number): EtcdConnection {
    const connection = this.#connections[at]
    if (connection === undefined) throw new Error(`there is no endpoint ${at}`)
    return connection
  }
}

/** With less time than this nobody is asked once more: only that the time was short would be told. */
const worthMilliseconds = 20

const notEtcd = ({ endpoint }: EtcdConnection, { status, body }: { readonly status: number; readonly body: string }): EtcdFailure =>
  ({ kind: status >= 500 ? 'unreachable' : 'refused', text: `${endpoint} answered ${status}, which is not etcd's JSON: ${body.trim().slice(0, 200)}` })
