import { resolve } from 'node:path'
import { parseCredentials } from './credentials-file.ts'
import type { SettingKey } from './keys.ts'
import { generalProblem, type Problem } from './problem.ts'
import { readTextFile } from './read-file.ts'
import type { Draft } from './settings.ts'

export interface PasswordSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
}

export interface Remarks {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

const accounts = [
  { file: 'MySQLOrchestratorCredentialsConfigFile', user: 'MySQLOrchestratorUser', password: 'MySQLOrchestratorPassword' },
  { file: 'MySQLTopologyCredentialsConfigFile', user: 'MySQLTopologyUser', password: 'MySQLTopologyPassword' },
] as const satisfies readonly Record<string, SettingKey>[]

/**
 * Credentials files overwrite user and password; then a password that contains `${NAME}` becomes, as a whole, that environment variable.
 * `given`: the keys of the file just read; a password taken over from before is not looked at again.
 */
export function resolvePasswords(draft: Draft, given: ReadonlySet<SettingKey>, sources: PasswordSources): Remarks {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  for (const account of accounts) {
    const named = draft[account.file]
    if (named !== '') {
      const path = resolve(sources.workingDirectory, named)
      const text = readTextFile(path)
      const credentials = text.ok ? parseCredentials(text.value) : null
      if (!text.ok) problems.push(generalProblem(`${account.file}: Cannot read credentials file: ${text.failure.text}`, null, account.file))
      else if (credentials !== null && !credentials.ok) {
        problems.push({ file: path, line: credentials.failure.line, column: null, key: account.file, says: `${account.file}: ${credentials.failure.text}` })
      } else if (credentials?.ok) {
        draft[account.user] = credentials.value.user
        draft[account.password] = credentials.value.password
      }
    }
    const name = named !== '' || given.has(account.password) ? /\$\{(.*)\}/s.exec(draft[account.password])?.[1] : undefined
    if (name !== undefined) {
      const value = sources.environment[name]
      if (value === undefined) {
        warnings.push(generalProblem(`${account.password}: the environment variable it names is not set; the password is empty`, null, account.password))
      }
      draft[account.password] = value ?? ''
    }
  }
  return { problems: [...problems, ...resolveOthers(draft, given, sources)], warnings }
}

const otherSecrets = ['HTTPAuthPassword', 'HTTPAuthReadOnlyPassword', 'SSLPrivateKeyPassword', 'OAuthClientSecret', 'RaftSecret', 'EtcdPassword', 'ProxySQLAdminPassword', 'ConsulAclToken'] as const satisfies readonly SettingKey[]

/** The original takes these as they stand; one that is nothing but `${NAME}` is that variable here. Where it is not set nothing starts: an empty password would open the door. */
function resolveOthers(draft: Draft, given: ReadonlySet<SettingKey>, { environment }: PasswordSources): readonly Problem[] {
  return otherSecrets.flatMap(key => {
    const name = given.has(key) ? /^\$\{(\w+)\}$/.exec(draft[key])?.[1] : undefined
    if (name === undefined) return []
    const value = environment[name] ?? ''
    if (value === '') return [generalProblem(`${key}: the environment variable ${name} is not set, or empty`, null, key)]
    draft[key] = value
    return []
  })
}
