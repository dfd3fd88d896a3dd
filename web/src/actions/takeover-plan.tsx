import { Checkbox, Loader } from '@mantine/core'
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OperationAnswer, PlanView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { client, type OperationInput } from '../api/client.ts'
import { Failure } from '../ui/page-state.tsx'
import { useSay } from '../words/say.ts'
import { HookLists } from './hook-lists.tsx'
import { PlanBody } from './plan-view.tsx'

export type TakeoverOperation = 'graceful-takeover' | 'graceful-takeover-auto'

const askAgainMilliseconds = 3000

/** What a takeover to a chosen replica, or to the best one, would do now. It stays as it is until it is asked again: nobody reads a plan that changes. */
export const useTakeoverPlan = (operation: TakeoverOperation, input: OperationInput, isAsking: boolean): UseQueryResult<OperationAnswer> =>
  useQuery({
    queryKey: ['takeover-plan', operation, input],
    queryFn: () => client.dryRun(operation, input),
    enabled: isAsking,
    // What stands in the way may go away by itself, as lag does.
    refetchInterval: ({ state }) => (isAsking && state.data?.state === 'refused' ? askAgainMilliseconds : false),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** Who is a replica before and follows nobody after. */
export const successorIn = (plan: PlanView): string | null =>
  Object.entries(plan.after).find(([key, source]) => source === null && (plan.before[key] ?? null) !== null)?.[0] ?? null

interface TakeoverPlanOf {
  readonly asked: UseQueryResult<OperationAnswer>
  readonly changed: Reason | null
  readonly pause: { readonly from: number; readonly to: number } | null
  readonly ticked: ReadonlySet<string>
  readonly tick: (warning: string) => void
}

/** The plan, or why there is none; `changed`: why the one that was shown did not run. */
export function TakeoverPlan({ asked, changed, pause, ticked, tick }: TakeoverPlanOf) {
  const { t } = useTranslation()
  const say = useSay()
  if (asked.isPending || (asked.isFetching && asked.data?.state !== 'refused')) {
    return (
      <p className="row dim" role="status">
        <Loader size="xs" />
        {t('plan.loading')}
      </p>
    )
  }
  if (asked.isError) return <Failure error={asked.error} retry={() => void asked.refetch()} />
  if (asked.data.state === 'refused') {
    return (
      <div className="notice critical" role="alert">
        <IconCircleX size={20} aria-hidden />
        <div className="notice-body">
          <strong>{t('plan.refused')}</strong>
          <span>{say(asked.data.refused)}</span>
        </div>
      </div>
    )
  }
  if (asked.data.state !== 'plan') return null
  const { plan } = asked.data
  return (
    <>
      {changed === null ? null : (
        <div className="notice warning" role="alert">
          <IconAlertTriangle size={20} aria-hidden />
          <div className="notice-body">
            <strong>{t('plan.changed')}</strong>
            <span>{say(changed)}</span>
          </div>
        </div>
      )}
      <p className="plan-says">{say(plan.says)}</p>
      <h3>4 · {t('takeover.plan')}</h3>
      <PlanBody key={plan.fingerprint} plan={plan} operation={null} pause={pause} />
      {plan.warnings.map(warning => (
        <Checkbox key={warning.text} size="xs" label={`${t('takeover.ticked')}: ${say(warning)}`} checked={ticked.has(warning.text)} onChange={() => tick(warning.text)} />
      ))}
      {plan.hooks === undefined ? null : <HookLists hooks={plan.hooks} />}
    </>
  )
}
