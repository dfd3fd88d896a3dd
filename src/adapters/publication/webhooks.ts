import { fail, ok } from '../../kit/result.ts'
import { hostOf, portOf } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PublicationTarget, WriterEntry } from '../../ports/publication.ts'
import { httpRequest } from './request.ts'

/** A POST of a JSON document. Nothing can be read back: an answer of 2xx is its word, and it is told again only when there is something new. */
export function webhookTarget(url: string, clock: Pick<Clock, 'now'>): PublicationTarget {
  const told = new Map<string, string>()
  return {
    name: `webhook ${withoutSecrets(url)}`,
    async publish(entry, deadlineMilliseconds) {
      const answer = await httpRequest({ method: 'POST', url, body: JSON.stringify(documentOf(entry, clock.now())), headers: { 'content-type': 'application/json' }, deadlineMilliseconds })
      if (!answer.ok) return answer
      if (answer.value.status < 200 || answer.value.status > 299) return fail(`it answered ${answer.value.status}: ${answer.value.body.trim().slice(0, 300)}`)
      told.set(entry.alias, entry.primary)
      return ok(null)
    },
    says: async entry => ok(told.get(entry.alias) === entry.primary),
  }
}

const documentOf = ({ clusterName, alias, primary, former, pairs }: WriterEntry, at: number): object => ({
  event: 'writer', at: new Date(at).toISOString(), cluster: clusterName, alias, primary: { key: primary, host: hostOf(primary), port: portOf(primary) },
  former: former === null ? null : { key: former, host: hostOf(former), port: portOf(former) }, pairs: Object.fromEntries(pairs.map(({ key, value }) => [key, value])),
})

/** A user, a password and a query may be secret, and names stand in logs. */
function withoutSecrets(url: string): string {
  const parsed = new URL(url)
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`
}
