import { fail, ok, type Result } from '../kit/result.ts'
import { keyList, type SettingKey } from './keys.ts'
import { type LoadedSettings, loadSettings, type SettingsFailure, type SettingsRequest } from './load-settings.ts'
import { restartKeys } from './restart-keys.ts'
import { displaySettings, type Settings } from './settings.ts'

/** One setting that a reload found different; secrets are masked. */
export interface SettingChange {
  readonly key: SettingKey
  readonly before: Settings[SettingKey]
  readonly after: Settings[SettingKey]
  /** `restart`: what the file says is in force from the next start on. */
  readonly from: 'now' | 'restart'
}

export interface Reloaded {
  readonly files: readonly string[]
  readonly changes: readonly SettingChange[]
  readonly loaded: LoadedSettings
}

/** The settings in force. Those who hold `live` see what a reload changed the next time they look. */
export class CurrentSettings {
  /** Each property is read anew; a value taken out of it is as old as the taking. */
  readonly live: Settings
  readonly #request: SettingsRequest
  readonly #listeners = new Set<(reloaded: Reloaded) => void>()
  #loaded: LoadedSettings

  /** `request`: how the files were found at first; a reload looks for them the same way. */
  constructor(loaded: LoadedSettings, request: SettingsRequest) {
    this.#loaded = loaded
    this.#request = request
    const live = {}
    for (const [key] of keyList) Object.defineProperty(live, key, { enumerable: true, get: () => this.#loaded.settings[key] })
    this.live = Object.freeze(live) as Settings // a property of each key
  }

  /** What was last read, with the settings that are in force. */
  get loaded(): LoadedSettings {
    return this.#loaded
  }

  onReload(listener: (reloaded: Reloaded) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Reads the files again, and one more where it is named. With anything wrong in them all stays as it was. */
  reload(also?: string): Result<Reloaded, SettingsFailure> {
    const read = this.look(also)
    if (!read.ok) return read
    this.#loaded = read.value.loaded
    for (const listener of this.#listeners) listener(read.value)
    return read
  }

  /** What `reload` would come to now; nothing changes. */
  look(also?: string): Result<Reloaded, SettingsFailure> {
    const { settings: before } = this.#loaded
    const read = loadSettings({ ...this.#request, ...(also === undefined ? {} : { also }), previous: this.#loaded })
    if (!read.ok) return fail(read.failure)
    const changed = keyList.map(([key]) => key).filter(key => !isSame(before[key], read.value.settings[key]))
    const kept = Object.fromEntries(changed.filter(key => restartKeys.has(key)).map(key => [key, before[key]]))
    const [shownBefore, shownAfter] = [displaySettings(before), displaySettings(read.value.settings)]
    const changes = changed.map((key): SettingChange => ({ key, before: shownBefore[key], after: shownAfter[key], from: restartKeys.has(key) ? 'restart' : 'now' }))
    return ok({ files: read.value.files, changes, loaded: { ...read.value, settings: Object.freeze({ ...read.value.settings, ...kept }) } })
  }
}

/** `RaftNodes: [] → ["a"] (at the next start)` */
export const changeText = ({ key, before, after, from }: SettingChange): string => {
  const shown = [before, after].map(value => JSON.stringify(value))
  return `${key}: ${shown[0] === shown[1] ? 'another secret' : `${shown[0]} → ${shown[1]}`}${from === 'now' ? '' : ' (at the next start)'}`
}

/** Values are texts, numbers, lists and maps of texts; the order of a map's names says nothing, and is kept by the file. */
const isSame = (left: unknown, right: unknown): boolean => left === right || JSON.stringify(left) === JSON.stringify(right)
