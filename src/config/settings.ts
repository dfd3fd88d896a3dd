import type { ValueTypes } from './key.ts'
import { keyList, type keys, type SettingKey } from './keys.ts'

/** All settings by public key, with the types that the table of keys gives them. Frozen; a reload is a new value. */
export type Settings = { readonly [Key in SettingKey]: ValueTypes[(typeof keys)[Key]['type']] }

/** The same while it is being put together. */
export type Draft = { -readonly [Key in SettingKey]: Settings[Key] }

/** Values as shipped, before any file and any adjustment. */
export function defaultDraft(): Draft {
  return Object.fromEntries(keyList.map(([key, facts]) => [key, facts.default])) as Draft // the table gives each key a default of its type
}

export const maskedSecret = '********'

/** For showing: every secret that is set is masked, and so is a password within an address. */
export function displaySettings(settings: Settings): Readonly<Record<SettingKey, Settings[SettingKey]>> {
  const shown = keyList.map(([key, facts]) => [key, facts.secret && settings[key] !== '' ? maskedSecret : withoutPasswords(settings[key])] as const)
  return Object.fromEntries(shown) as Record<SettingKey, Settings[SettingKey]> // the same keys as in the table
}

/** `https://user:word@host` → `https://user:********@host` */
function withoutPasswords(value: Settings[SettingKey]): Settings[SettingKey] {
  const masked = (text: string): string => text.replace(/(:\/\/[^\s/?#@:]*:)[^\s/?#@]+@/g, `$1${maskedSecret}@`)
  if (typeof value === 'string') return masked(value)
  return Array.isArray(value) ? (value as readonly string[]).map(masked) : value // a list is one of texts
}
