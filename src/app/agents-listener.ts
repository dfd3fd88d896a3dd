import { admission } from '../http/agents/admission.ts'
import { listenerRoutes } from '../http/agents/listener-routes.ts'
import { agentListenerSettings } from '../http/agents/settings.ts'
import { plainText } from '../http/exchange.ts'
import { PassOn } from '../http/leader/pass-on.ts'
import { Router } from '../http/router.ts'
import { type Listening, serve } from '../http/server.ts'
import { serverTls } from '../http/tls/server-tls.ts'
import type { Settings } from '../config/settings.ts'
import type { Agents } from '../engine/agents/agents.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { settingValues } from '../kit/setting.ts'
import type { Log } from '../ports/log.ts'
import { askPassphrase } from './ask-passphrase.ts'
import { parseListenAddress } from './listen-address.ts'
import { towardsLeader } from './towards-leader.ts'

export interface AgentsListenerWish {
  readonly settings: Settings
  readonly agents: Agents
  readonly group: Pick<GroupParts, 'standing'>
  readonly log: Log
  requestId(): string
  messagePrefix(): string
}

/** Listens for agents. The failure is a sentence for the operator. */
export async function listenForAgents({ settings, agents, group, log, requestId, messagePrefix }: AgentsListenerWish): Promise<Result<Listening, string>> {
  const listener = settingValues(agentListenerSettings, settings)
  const address = parseListenAddress(listener.address)
  if (!address.ok) return fail(address.failure.replace('ListenAddress', 'AgentsServerPort'))
  const admits = admission(listener.allowedAddresses)
  if (!admits.ok) return admits
  const { usesTls, asksClients, keyFile, certificateFile, authorityFile } = listener
  const keys = { keyFile: 'AgentSSLPrivateKeyFile', certificateFile: 'AgentSSLCertFile', authorityFile: 'AgentSSLCAFile' }
  // The same file may be that of the service: its password is asked for once.
  const known = settings.SSLPrivateKeyPassword !== '' && keyFile === settings.SSLPrivateKeyFile ? settings.SSLPrivateKeyPassword : ''
  const tls = usesTls ? await serverTls({ keyFile, certificateFile, authorityFile, asksClients, keys }, known === '' ? askPassphrase : () => Promise.resolve(known)) : ok(null)
  if (!tls.ok) return tls
  const prefix = settings.URLPrefix === '/' ? '' : settings.URLPrefix
  try {
    return ok(await serve({
      router: new Router(listenerRoutes({
        submit: (...agent) => agents.submit(...agent), putAttribute: attribute => agents.putAttribute(attribute), attributes: name => agents.attributes(name), list: () => agents.list(),
        messagePrefix,
      })),
      group: { standing: () => onPortOfAgents(group.standing(), usesTls, address.value.port) },
      passOn: new PassOn({ self: group.standing().self, log, tls: usesTls ? towardsLeader(listener) : {} }),
      requestId, prefix, log, rate: null, outsidePrefix: new Set(), pageFiles: { answer: () => null },
      authentication: { identify: ({ remoteAddress }) => Promise.resolve(admits.value(remoteAddress) ? { user: '', mayWrite: true, whyNot: null } : plainText('403 Forbidden\n', 403)) },
      certificates: asksClients ? () => ({ validUnits: listener.validUnits, openPath: null }) : null,
    }, address.value, tls.value))
  } catch (error) {
    return fail(`Cannot listen for agents on ${listener.address}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Managers of one group listen for agents on the same port: there whoever leads is asked. */
function onPortOfAgents(standing: ReturnType<GroupParts['standing']>, usesTls: boolean, port: number): ReturnType<GroupParts['standing']> {
  const uri = standing.leader?.uri ?? null
  if (standing.leader === null || uri === null) return standing
  const { hostname } = new URL(uri)
  return { ...standing, leader: { ...standing.leader, uri: `${usesTls ? 'https' : 'http'}://${hostname}:${port}` } }
}
