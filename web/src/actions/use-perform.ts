import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { acts, type Act, type ActName } from './menu.ts'
import { perform } from './perform.ts'

/** How acts are started on a page of this cluster. */
export function usePerform(cluster: ClusterView): (act: Act, server: ServerView) => void {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const nameOf = useNameOf()
  const examine = (server: string): void => void navigate({ to: '/doctor', search: { server } })
  return (act, server) => perform(act, server, { cluster, cache, nameOf, examine })
}

export const actNamed = (name: ActName): Act | undefined => acts.find(act => act.name === name)
