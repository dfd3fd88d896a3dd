import { useNavigate } from '@tanstack/react-router'
import type { ClusterSearch } from '../../router.tsx'

type Change = { readonly [Key in keyof ClusterSearch]?: ClusterSearch[Key] | undefined }

/** Changes what stands in the address of a cluster page; undefined takes it out. The page stays. */
export function useSetClusterSearch(): (change: Change) => void {
  const navigate = useNavigate()
  return change =>
    void navigate({
      to: '.',
      replace: true,
      search: before => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined)),
    })
}
