import i18next from 'i18next'
import { useEffect, useRef } from 'react'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { dialogs, openDialog } from '../../actions/dialogs.ts'
import type { PlanSearch } from '../../actions/plan-search.ts'
import { tellFailure } from '../../actions/run.ts'
import { readNames } from '../../instance/names.ts'
import type { ClusterSearch } from '../../router.tsx'
import { useStore } from '../../ui/store.ts'
import { useSetClusterSearch } from './use-cluster-search.ts'

/** The address can ask for a takeover or a plan, so that it can be sent; it shows the plan, and never runs it. When its dialog closes the address is that of the page again. */
export function useAskedDialog(cluster: ClusterView, search: ClusterSearch): void {
  const setSearch = useSetClusterSearch()
  const isOpen = useStore(dialogs, state => state.open !== null)
  const hasOpened = useRef(false)
  useEffect(() => {
    if (search.do === undefined) return
    hasOpened.current = true
    if (search.do === 'takeover') openDialog({ kind: 'takeover', cluster, to: search.to ?? null })
    else void openPlan({ operation: search.operation ?? '', input: search.input ?? {} }, cluster)
    // Once, when the page opens; the dialog has its own life afterwards.
  }, [])
  useEffect(() => {
    if (dialogs.get().open !== null || !hasOpened.current) return
    hasOpened.current = false
    setSearch({ do: undefined, to: undefined, operation: undefined, input: undefined })
  }, [isOpen])
}

async function openPlan(asked: PlanSearch, cluster: ClusterView): Promise<void> {
  const { planFromSearch } = await import('../../actions/plan-link.ts')
  const request = planFromSearch(asked, cluster, readNames)
  if (request === null) tellFailure(i18next.t('plan.refused'), i18next.t('plan.linkUnknown'))
  else openDialog({ kind: 'plan', request })
}
