import { Loader } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OperationAnswer, OperationView, PlanView } from '../../../src/contract/views.ts'
import type { Reason } from '../../../src/kit/reason.ts'
import { client, type OperationInput } from '../api/client.ts'
import { Failure } from '../ui/page-state.tsx'
import { useSay } from '../words/say.ts'
import { HookLists } from './hook-lists.tsx'
import { PlanBody } from './plan-view.tsx'

export type TakeoverOperation = 'graceful-takeover' | 'graceful-takeover-auto'

/** What a takeover to a chosen replica, or to the best one, would do now. It stays as it is until it is asked again: nobody reads a plan that changes. */
export const useTakeoverPlan = (operation: TakeoverOperation, input: OperationInput): UseQueryResult<OperationAnswer> =>
  useQuery({
    queryKey: ['takeover-plan', operation, input],
    queryFn: () => client.dryRun(operation, input),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** Who is a replica before and follows nobody after. */
export const successorIn = (plan: PlanView): string | null =>
  Object.entries(plan.after).find(([key, source]) => source === null && (plan.before[key] ?? null) !== null)?.[0] ?? null

/** The plan, or why there is none; `changed`: why the one that was shown did not run. */
export function TakeoverPlan({ asked, changed }: { readonly asked: UseQueryResult<OperationAnswer>; readonly changed: Reason | null }) {
  const { t } = useTranslation()
  const say = useSay()
  if (asked.isPending || asked.isFetching) {
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
      <PlanBody key={plan.fingerprint} plan={plan} operation={null} />
      {plan.hooks === undefined ? null : <HookLists hooks={plan.hooks} />}
    </>
  )
}

/** How a takeover ended that took its time. */
export function Ended({ operation }: { readonly operation: OperationView }) {
  const { t } = useTranslation()
  const say = useSay()
  const isDone = operation.state === 'done'
  return (
    <div className={`notice ${isDone ? 'ok' : 'critical'}`} role="status">
      {isDone ? <IconCircleCheck size={20} aria-hidden /> : <IconCircleX size={20} aria-hidden />}
      <div className="notice-body">
        <strong>{isDone ? t('plan.finished') : t('plan.stoppedAt')}</strong>
        {operation.failure === null ? null : <span>{say(operation.failure)}</span>}
      </div>
    </div>
  )
}
