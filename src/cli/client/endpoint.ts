import { fail, ok, type Result } from '../../kit/result.ts'
import type { RemoteSettings } from '../remote-caller.ts'
import type { Options } from './options.ts'

export const defaultAddress = 'http://localhost:3000'

/** An election of a leader takes about two seconds, after a failure some more. */
const leaderWaitMilliseconds = 10_000

/** Which service is asked, and as whom: by the options, else by the environment, else by what stands in the address. */
export function endpointOf(options: Pick<Options, 'api' | 'auth' | 'headersAuth'>, environment: Readonly<Record<string, string | undefined>>): Result<RemoteSettings, string> {
  const texts = (options.api || environment['ORCHESTRATOR_API'] || defaultAddress).trim().split(/\s+/)
  const addresses: string[] = []
  let [inAddress, inAddressPassword] = ['', '']
  for (const text of texts) {
    const url = URL.canParse(text) ? new URL(text) : null
    if (url === null || !/^https?:$/.test(url.protocol)) return fail(`ORCHESTRATOR_API: "${text}" is no address of a service, as ${defaultAddress} is`)
    if (url.username !== '') [inAddress, inAddressPassword] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
    ;[url.username, url.password, url.hash, url.search] = ['', '', '', '']
    addresses.push(url.href.replace(/\/+$/, ''))
  }
  const [, user = '', password = ''] = /^([^:]*):?([\s\S]*)$/.exec(options.auth) ?? []
  const header = options.headersAuth || (environment['ORCHESTRATOR_AUTH_USER_HEADER'] ?? '')
  if (header !== '' && !/^[^:\s]+:/.test(header)) return fail(`"${header}" is no header, as X-Forwarded-User: ann is`)
  return ok({
    addresses, header, leaderWaitMilliseconds,
    ...(options.auth !== '' ? { user, password }
      : (environment['ORCHESTRATOR_AUTH_USER'] ?? '') !== '' ? { user: environment['ORCHESTRATOR_AUTH_USER'] ?? '', password: environment['ORCHESTRATOR_AUTH_PASSWORD'] ?? '' }
        : { user: inAddress, password: inAddressPassword }),
  })
}
