import { clusterOfHint } from '../../model/topology/cluster-hint.ts'
import { type Answer, json, type Request } from '../exchange.ts'
import type { ApiParts } from './context.ts'
import { problem, problemReason } from './problem.ts'

/**
 * Does this server take the writes of the cluster? 200 or 503, for load balancers: the server is named by `?server=host:port`, or is the name of the
 * server in HAProxy's own header (`http-check send-state`, servers named host:port). Without a server: 200 while the cluster has a writer.
 */
export function writerCheck({ operations: { parts } }: ApiParts, { query, headers }: Request, hint: string): Answer {
  const cluster = clusterOfHint(parts.topology(), hint)
  if (!cluster.ok) return problem(problemReason('no-such-cluster', { name: hint }), 404)
  const writer = parts.writerOf(cluster.value)
  const asked = query.get('server') ?? serverOfState(headers['x-haproxy-server-state'])
  const takesWrites = writer !== null && (asked === null || asked === writer)
  return json({ cluster: cluster.value, writer, server: asked, takesWrites }, takesWrites ? 200 : 503)
}

/** `UP 2/3; name=shop/db1:3306; node=…` → `db1:3306`. Source: HAProxy configuration manual, "http-check send-state". */
function serverOfState(header: string | readonly string[] | undefined): string | null {
  return /(?:^|; )name=[^/;]*\/([^;]+)/.exec(String(header ?? ''))?.[1]?.trim() ?? null
}
