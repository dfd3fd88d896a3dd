import { addressInUse, readAddress, type RemoteSettings } from '../remote-caller.ts'
import type { ClientResult } from './run-client.ts'

/** Which address is asked, or what it answers as it stands (contract cli.md 4). */
export async function askService(command: 'which-api' | 'api', path: string, endpoint: RemoteSettings, own: (text: string) => ClientResult): Promise<ClientResult> {
  if (command === 'which-api') {
    const address = await addressInUse(endpoint)
    return address.ok ? { stdout: `${address.value}\n`, stderr: '', status: 0 } : own(address.failure.text)
  }
  if (path === '') return own('path must be provided')
  const answer = await readAddress(endpoint, path)
  if (!answer.ok) return own(answer.failure.text)
  const { text, status } = answer.value
  const verdict = verdictOn(text)
  if (verdict === 'no-json') return own(`Cannot access orchestrator at ${endpoint.addresses.join(' ')}: ${path} answered status ${status}: ${text.slice(0, 200)}`)
  return { stdout: `${text}\n`, stderr: '', status: verdict === 'error' ? 1 : 0 }
}

/** The script goes by the body alone: an envelope that says ERROR is one. */
function verdictOn(text: string): 'ok' | 'error' | 'no-json' {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'Code' in value && String(value.Code).includes('ERROR') ? 'error' : 'ok'
  } catch {
    return 'no-json'
  }
}
