import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import type { Act, ActName } from './menu.ts'
import type { Around } from './perform.ts'

/** How acts are started on a page of this cluster. What starts them comes when the first one is. */
export function usePerform(cluster: ClusterView): (act: Act | ActName, server: ServerView) => void {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const nameOf = useNameOf()
  const examine = (server: string): void => void navigate({ to: '/doctor', search: { server } })
  return (act, server) => void start(act, server, { cluster, cache, nameOf, examine })
}

async function start(asked: Act | ActName, server: ServerView, context: Around): Promise<void> {
  const [{ perform }, { acts }] = await Promise.all([import('./perform.ts'), import('./menu.ts')])
  const act = typeof asked === 'string' ? acts.find(({ name }) => name === asked) : asked
  if (act !== undefined) perform(act, server, context)
}
