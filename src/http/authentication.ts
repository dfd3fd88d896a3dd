import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Answer, type Person, plainText } from './exchange.ts'

/** The settings that say who gets in and who may change things (contract security-and-http.md 2). */
export interface AuthenticationSettings {
  readonly AuthenticationMethod: string
  readonly HTTPAuthUser: string
  readonly HTTPAuthPassword: string
  readonly AuthUserHeader: string
  readonly PowerAuthUsers: readonly string[]
  readonly PowerAuthGroups: readonly string[]
  readonly ReadOnly: boolean
}

export interface Authentication {
  /** The person who asks, or the answer that sends them away. */
  identify(headers: IncomingHttpHeaders): Person | Answer
}

/** Groups of a user by the operating system; asked only where PowerAuthGroups names some. */
export type GroupsOf = (user: string) => readonly string[]

export function authentication(settings: AuthenticationSettings, groupsOf: GroupsOf): Authentication {
  const identify = methods[settings.AuthenticationMethod.toLowerCase()] ?? everybody
  return {
    identify: headers => {
      const found = identify(settings, headers, groupsOf)
      return 'user' in found && settings.ReadOnly ? { ...found, mayWrite: false, whyNot: 'read-only-service' } : found
    },
  }
}

type Method = (settings: AuthenticationSettings, headers: IncomingHttpHeaders, groupsOf: GroupsOf) => Person | Answer

const everybody: Method = () => ({ user: '', mayWrite: true, whyNot: null })

const basic: Method = (settings, headers) => {
  const given = basicCredentials(headers.authorization)
  if (given === null || !isConfiguredPair(settings, given)) return notAuthorized()
  return { user: given.user, mayWrite: true, whyNot: null }
}

/** The configured pair may write; the user `readonly` gets in with any password and may not. */
const multi: Method = (settings, headers) => {
  const given = basicCredentials(headers.authorization)
  if (given?.user === 'readonly') return { user: 'readonly', mayWrite: false, whyNot: 'read-only-user' }
  if (given === null || !isConfiguredPair(settings, given)) return notAuthorized()
  return { user: given.user, mayWrite: true, whyNot: null }
}

/** A proxy in front has authenticated; its header names the user. */
const proxy: Method = (settings, headers, groupsOf) => {
  const value = headers[settings.AuthUserHeader.toLowerCase()]
  const user = (Array.isArray(value) ? value[0] : value) ?? ''
  const isPower =
    settings.PowerAuthUsers.some(name => name === '*' || (name === user && user !== '')) ||
    (user !== '' && settings.PowerAuthGroups.length > 0 && groupsOf(user).some(group => settings.PowerAuthGroups.includes(group)))
  return { user, mayWrite: isPower, whyNot: isPower ? null : 'not-in-power-users' }
}

const token: Method = () => ({ user: '', mayWrite: false, whyNot: 'no-token' })
const oauth: Method = () => ({ user: '', mayWrite: false, whyNot: 'never' })

const methods: Readonly<Record<string, Method>> = { '': everybody, basic, multi, proxy, token, oauth }

const notAuthorized = (): Answer => plainText('Not Authorized\n', 401, { 'WWW-Authenticate': 'Basic realm="Authorization Required"' })

function basicCredentials(header: string | undefined): { readonly user: string; readonly password: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]*)$/.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Compares digests, so that the time taken says nothing about the texts. */
function isConfiguredPair(settings: AuthenticationSettings, given: { readonly user: string; readonly password: string }): boolean {
  const user = isSame(given.user, settings.HTTPAuthUser)
  const password = isSame(given.password, settings.HTTPAuthPassword)
  return user && password
}

const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
