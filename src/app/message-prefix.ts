import { hostname } from 'node:os'
import type { AppSettings } from './settings.ts'

/** `Orchestrator NAME says: `, or '' (contract security-and-http.md 1). */
export function messagePrefix({ prependIdentity, customIdentity }: AppSettings): string {
  const name = { fqdn: hostname(), hostname: hostname().split('.')[0] ?? '', custom: customIdentity }[prependIdentity.toLowerCase()] ?? ''
  return name === '' ? '' : `Orchestrator ${name} says: `
}
