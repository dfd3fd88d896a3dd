import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../../ports/clock.ts'
import type { Answer, Person } from '../exchange.ts'
import type { HttpSettings } from '../settings.ts'
import { Guesses } from './guesses.ts'
import { Passwords } from './passwords.ts'
import { isTrustedProxy } from './proxies.ts'
import type { SignIn } from './sign-in.ts'
import type { Tokens } from './tokens.ts'

/** All that a request shows of whoever sent it. */
export interface Asker {
  readonly method: string
  /** Decoded, below the prefix. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly remoteAddress: string
}

export interface Authentication {
  /** The person who asks, or the answer that sends them away. */
  identify(asker: Asker): Promise<Person | Answer>
}

/** Groups of a user by the operating system; asked only where PowerAuthGroups names some. */
export type GroupsOf = (user: string) => Promise<readonly string[]>

export interface AuthenticationParts {
  /** Read at each request, so that a reload counts at once. */
  readonly settings: HttpSettings
  readonly groupsOf: GroupsOf
  readonly tokens: Pick<Tokens, 'holder'>
  /** Null: no provider is configured. */
  readonly signIn: Pick<SignIn, 'identify'> | null
  readonly clock: Pick<Clock, 'monotonic'>
}

type Method = (asker: Asker) => Promise<Person | Answer> | Person | Answer

export function authentication(parts: AuthenticationParts): Authentication {
  const { settings } = parts
  const passwords = new Passwords(settings, new Guesses(parts.clock))
  const methods: Readonly<Record<string, Method>> = {
    '': everybody, 'basic': passwords.basic, 'multi': passwords.multi, 'proxy': asker => byProxy(parts, asker), 'token': asker => byToken(parts, asker),
    'oauth': asker => bySignIn(parts, asker),
  }
  return {
    identify: async asker => {
      const name = settings.method.toLowerCase()
      const found = await (Object.hasOwn(methods, name) ? (methods[name] ?? everybody) : everybody)(asker)
      return 'user' in found && settings.isReadOnly ? { ...found, mayWrite: false, whyNot: 'read-only-service' } : found
    },
  }
}

const everybody: Method = () => ({ user: '', mayWrite: true, whyNot: null })

/** A proxy in front has authenticated; its header names the user. */
async function byProxy({ settings, groupsOf }: AuthenticationParts, { headers, remoteAddress }: Asker): Promise<Person> {
  if (!isTrustedProxy(settings.trustedProxies, remoteAddress)) return { user: '', mayWrite: false, whyNot: 'not-through-proxy' }
  const value = headers[settings.userHeader.toLowerCase()]
  const user = (Array.isArray(value) ? value[0] : value) ?? ''
  const isPower = await isPowerUser(settings, user, groupsOf)
  return { user, mayWrite: isPower, whyNot: isPower ? null : 'not-in-power-users' }
}

/** An empty name is nobody, and among the power users only where everybody is. */
export async function isPowerUser({ powerUsers, powerGroups }: HttpSettings, user: string, groupsOf: GroupsOf): Promise<boolean> {
  if (powerUsers.some(name => name === '*' || (name === user && user !== ''))) return true
  return user !== '' && powerGroups.length > 0 && (await groupsOf(user)).some(group => powerGroups.includes(group))
}

async function byToken({ tokens }: AuthenticationParts, { headers }: Asker): Promise<Person> {
  const holder = await tokens.holder(headers)
  return holder === null ? { user: '', mayWrite: false, whyNot: 'no-token' } : { user: holder.owner, mayWrite: true, whyNot: null }
}

/** A token, which scripts hold, or the person who signed in. Without a provider nobody can, and everybody may read, as with the original. */
async function bySignIn({ tokens, signIn }: AuthenticationParts, asker: Asker): Promise<Person | Answer> {
  if (signIn === null) return { user: '', mayWrite: false, whyNot: 'never' }
  const holder = await tokens.holder(asker.headers)
  return holder === null ? signIn.identify(asker) : { user: holder.owner, mayWrite: true, whyNot: null }
}
