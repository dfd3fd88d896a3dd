import { readFileSync } from 'node:fs'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { MysqlSettings } from '../settings.ts'
import type { TlsFiles } from './driver.ts'

type Note = { readonly tlsOnly: boolean; readonly until: number }

/** An account that does not get in without TLS may still be refused with it; asking again is put off for so long, because servers count refusals. */
const noHelpMilliseconds = 60_000

/** Decides per server whether to connect with TLS (contract discovery.md 1): always under mutual TLS; else plain first, and TLS for those that demand it. */
export class TlsPolicy {
  readonly files: TlsFiles | null
  readonly #notes = new Map<InstanceKey, Note>()
  /** Questions asked, those without a known answer, and answers noted. */
  readonly counts = { asked: 0, unknown: 0, noted: 0 }
  readonly #settings: MysqlSettings
  readonly #clock: Pick<Clock, 'monotonic'>

  /** Reads the files that the settings name; one that cannot be read is a broken configuration and throws. */
  constructor(settings: MysqlSettings, clock: Pick<Clock, 'monotonic'>) {
    this.#settings = settings
    this.#clock = clock
    const read = (file: string): Buffer | undefined => (file === '' ? undefined : readFileSync(file))
    this.files = settings.useMutualTls || settings.useMixedTls
      ? { ca: read(settings.caFile), cert: read(settings.certFile), key: read(settings.keyFile), verify: !settings.skipVerify }
      : null
  }

  startsWithTls(key: InstanceKey): boolean {
    if (this.#settings.useMutualTls) return true
    const note = this.#note(key)
    this.counts.asked++
    if (note === undefined) this.counts.unknown++
    return note?.tlsOnly === true
  }

  /** True when a plain login that failed like this is worth trying again with TLS: 3159 is "TLS required", 1045 may mean it on older servers. */
  isWorthTls(key: InstanceKey, failure: ServerFailure): boolean {
    if (this.#settings.useMutualTls || !this.#settings.useMixedTls) return false
    return failure.number === 3159 || (failure.number === 1045 && this.#note(key) === undefined)
  }

  noteTlsOnly(key: InstanceKey): void {
    this.counts.noted++
    this.#notes.set(key, { tlsOnly: true, until: this.#clock.monotonic() + this.#settings.tlsCacheFactor * this.#settings.pollIntervalSeconds * 1000 })
  }

  noteTlsDidNotHelp(key: InstanceKey): void {
    this.counts.noted++
    this.#notes.set(key, { tlsOnly: false, until: this.#clock.monotonic() + noHelpMilliseconds })
  }

  forget(key: InstanceKey): void {
    this.#notes.delete(key)
  }

  #note(key: InstanceKey): Note | undefined {
    const note = this.#notes.get(key)
    if (note === undefined || note.until > this.#clock.monotonic()) return note
    this.#notes.delete(key)
    return undefined
  }
}
