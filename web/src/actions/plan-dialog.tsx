import { Button, Loader, Modal, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reason } from '../../../src/kit/reason.ts'
import type { MethodView, PlanView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { CloneProgressBar } from './clone-progress.tsx'
import { useNameOf } from '../instance/names.ts'
import { live } from '../live/live.ts'
import { CopyButton } from '../ui/copy.tsx'
import { Failure } from '../ui/page-state.tsx'
import { usePreference } from '../ui/preferences.ts'
import { useStore } from '../ui/store.ts'
import { useSay } from '../words/say.ts'
import { closeDialog, openDialog, type OpenDialog, type PlanRequest } from './dialogs.ts'
import { MethodChooser } from './method-chooser.tsx'
import { operationText } from './operation-text.ts'
import { rememberStarted, useOperation } from './operations.ts'
import { planAddress, planFromSearch } from './plan-link.ts'
import { clusterWith, Methods, PlanBody } from './plan-view.tsx'
import { mayRunAtOnce } from './run-at-once.ts'
import { failureText, tellFailure, tellSuccess } from './run.ts'
import { undoOf } from './undo.ts'
import { startedBy } from './started-by.ts'
import { useWhy } from './use-why.tsx'
import { wayBack } from './way-back.ts'

type Stage =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly methods: readonly MethodView[] }
  | { readonly kind: 'shown'; readonly plan: PlanView; readonly changed: Reason | null }
  | { readonly kind: 'sending'; readonly plan: PlanView }
  | { readonly kind: 'running'; readonly plan: PlanView; readonly operation: number | null }

/** Shows the plan of an operation, runs exactly that plan, and follows it to its end. */
export function PlanDialog({ request }: { readonly request: PlanRequest }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const cache = useQueryClient()
  const [stage, setStage] = useState<Stage>({ kind: 'loading' })
  const [typed, setTyped] = useState('')
  const { field: whyField, why, isGiven } = useWhy(request.asksWhy === true)
  const isLive = useStore(live, state => state.state === 'live' || state.state === 'polling')
  const number = stage.kind === 'running' ? stage.operation : null
  const operation = useOperation(number)
  const title = useRef<HTMLHeadingElement>(null)

  const makePlan = useCallback(
    async (changed: Reason | null): Promise<void> => {
      try {
        const answer = await client.dryRun(request.operation, request.input)
        if (answer.state === 'plan') setStage({ kind: 'shown', plan: answer.plan, changed })
        else if (answer.state === 'refused') setStage({ kind: 'refused', reason: answer.refused, methods: answer.methods ?? [] })
        else setStage({ kind: 'running', plan: emptyPlan(request), operation: answer.state === 'started' ? answer.operation : null })
      } catch (error) {
        setStage({ kind: 'failed', error })
      }
    },
    [request],
  )

  useEffect(() => void makePlan(null), [makePlan])
  // At first, and when the button that was pressed has gone.
  const hasStarted = stage.kind === 'running'
  useEffect(() => title.current?.focus(), [hasStarted])

  // As the page knew it when the dialog opened: what is run changes it.
  const [cluster] = useState(() => clusterWith(cache, String(request.input['instance'] ?? '')))
  const undoFor = (plan: PlanView): OpenDialog | null =>
    undoOf(request, plan, { members: cluster?.members ?? [], nameOf, opposite: (operation, server) => (cluster === null ? null : planFromSearch({ operation, input: { instance: server } }, cluster, nameOf)) })

  const run = async (plan: PlanView): Promise<void> => {
    setStage({ kind: 'sending', plan })
    try {
      const answer = await client.run(request.operation, request.input, plan.fingerprint, why)
      if (answer.state === 'refused') {
        // Nothing was run. If there is a new plan it is shown; else the refusal.
        if (answer.plan === undefined) setStage({ kind: 'refused', reason: answer.refused, methods: answer.methods ?? [] })
        else setStage({ kind: 'shown', plan: answer.plan, changed: answer.refused })
        return
      }
      if (answer.state === 'started') rememberStarted(answer.operation, startedBy(request, plan, undoFor(plan), nameOf))
      setStage({ kind: 'running', plan, operation: answer.state === 'started' ? answer.operation : null })
      if (answer.state === 'done') {
        await cache.invalidateQueries()
        tellSuccess(t('done.other', { says: say(plan.says) }))
        closeDialog()
      }
    } catch (error) {
      setStage({ kind: 'shown', plan, changed: null })
      tellFailure(t('plan.notSent'), failureText(error))
    }
  }

  // Once: what failed or has changed meanwhile is looked at by a person.
  const wish = usePreference('moves')
  const ranAtOnce = useRef(false)
  useEffect(() => {
    if (ranAtOnce.current || stage.kind !== 'shown' || stage.changed !== null || !isLive || !mayRunAtOnce(request, stage.plan, wish)) return
    ranAtOnce.current = true
    void run(stage.plan)
  })

  const plan = 'plan' in stage ? stage.plan : null
  const isOver = operation !== null && operation.state !== 'running'
  const isTyped = request.typed === null || typed.trim() === request.typed
  const undo = plan === null ? null : undoFor(plan)
  const link = planAddress(request)

  return (
    <Modal
      opened
      onClose={closeDialog}
      size={680}
      centered
      title={
        <span ref={title} tabIndex={-1}>
          {request.title}
        </span>
      }
      closeButtonProps={{ 'aria-label': t('state.close') }}
    >
      <div className="dialog">
        {stage.kind === 'loading' ? (
          <p className="row dim">
            <Loader size="xs" />
            {t('plan.loading')}
          </p>
        ) : null}
        {stage.kind === 'failed' ? (
          <Failure
            error={stage.error}
            retry={() => {
              setStage({ kind: 'loading' })
              void makePlan(null)
            }}
          />
        ) : null}
        {stage.kind === 'refused' ? (
          <div className="notice critical" role="alert">
            <IconCircleX size={20} aria-hidden />
            <div className="notice-body">
              <strong>{t('plan.refused')}</strong>
              <span>{say(stage.reason)}</span>
              <Methods methods={stage.methods} />
            </div>
          </div>
        ) : null}
        {stage.kind === 'shown' || stage.kind === 'refused' ? <MethodChooser request={request} /> : null}
        {stage.kind === 'shown' && stage.changed !== null ? (
          <div className="notice warning" role="alert">
            <IconAlertTriangle size={20} aria-hidden />
            <div className="notice-body">
              <strong>{t('plan.changed')}</strong>
              <span>{say(stage.changed)}</span>
            </div>
          </div>
        ) : null}
        {plan === null ? null : (
          <>
            <p className="plan-says">{say(plan.says)}</p>
            {request.note === null ? null : <p className="dim">{request.note}</p>}
            <PlanBody plan={plan} operation={operation} />
            {stage.kind === 'shown' ? <WayBackWords plan={plan} /> : null}
            {request.operation === 'reprovision' && stage.kind === 'running' && !isOver ? <CloneProgressBar server={String(request.input['instance'])} /> : null}
          </>
        )}
        {isOver && operation !== null ? (
          <div className={`notice ${operation.state === 'done' ? 'ok' : 'critical'}`} role="status">
            {operation.state === 'done' ? <IconCircleCheck size={20} aria-hidden /> : <IconCircleX size={20} aria-hidden />}
            <div className="notice-body">
              <strong>{operation.state === 'done' ? t('plan.finished') : t('plan.stoppedAt')}</strong>
              {operation.failure === null ? null : <span>{say(operation.failure)}</span>}
              {operation.state === 'failed' ? <CopyButton label={t('done.copyDetails')} text={operationText(operation, say)} /> : null}
            </div>
          </div>
        ) : null}
        {stage.kind === 'shown' ? whyField : null}
        {stage.kind === 'shown' && request.typed !== null ? (
          <TextInput
            label={t('plan.typeName', { name: request.typed })}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        ) : null}
        {isLive ? null : <p className="ink-warning">{t('plan.offline')}</p>}
        <div className="dialog-foot">
          {plan !== null && plan.command !== '' && !isOver ? <CopyButton text={plan.command} label={t('plan.copyCommand')} /> : null}
          {stage.kind === 'shown' && link !== null ? <CopyButton text={link} label={t('plan.copyLink')} /> : null}
          {stage.kind === 'running' && !isOver ? <span className="dim">{t('plan.tray')}</span> : null}
          <span className="grow" />
          {isOver && operation?.state === 'done' && undo !== null ? (
            <Button variant="default" onClick={() => openDialog(undo)}>
              {t('plan.undo')}
            </Button>
          ) : null}
          {isOver && operation?.state === 'failed' ? (
            <Button variant="default" onClick={() => openDialog({ kind: 'plan', request })}>
              {t('done.retry')}
            </Button>
          ) : null}
          <Button variant="default" onClick={closeDialog}>
            {stage.kind === 'running' || stage.kind === 'refused' ? t('state.close') : t('state.cancel')}
          </Button>
          {stage.kind === 'shown' || stage.kind === 'sending' ? (
            <Button
              loading={stage.kind === 'sending'}
              disabled={!isTyped || !isGiven || !isLive}
              {...(request.typed === null ? {} : { color: 'red' })}
              onClick={() => void run(stage.plan)}
            >
              {request.runLabel}
            </Button>
          ) : null}
        </div>
      </div>
    </Modal>
  )
}

/** How it could be taken back, said before it is done. */
function WayBackWords({ plan }: { readonly plan: PlanView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const back = wayBack(plan)
  if (back.kind === 'unknown') return null
  const words =
    back.kind === 'none'
      ? t('plan.backNone')
      : back.kind === 'opposite'
        ? t('plan.backOpposite')
        : t('plan.backMove', { count: back.servers.length, server: nameOf(back.servers[0] ?? ''), source: nameOf(back.to) })
  return (
    <p className={back.kind === 'none' ? 'ink-warning' : 'dim'}>
      <strong>{t('plan.toUndo')}</strong> {words}
    </p>
  )
}

const emptyPlan = (request: PlanRequest): PlanView => ({
  operation: request.operation,
  kind: '',
  says: { code: '', parameters: {}, text: request.title },
  method: 'none',
  fingerprint: '',
  dangerLevel: 1,
  checks: [],
  warnings: [],
  steps: [],
  before: {},
  after: {},
  command: '',
})
