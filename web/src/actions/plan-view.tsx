import { IconAlertTriangle, IconBan, IconCheck } from '@tabler/icons-react'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useState, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView, MethodView, OperationView, PlanView, ServerView } from '../../../src/contract/views.ts'
import { miniTree, sourcesAround, type MiniLine } from '../drawing/mini-tree.ts'
import { useNameOf } from '../instance/names.ts'
import { shortDuration } from '../words/format.ts'
import { methodKey } from '../words/method-key.ts'
import { useSay } from '../words/say.ts'

interface PlanBodyOf {
  readonly plan: PlanView
  readonly operation: OperationView | null
  /** Between which steps nobody takes writes. */
  readonly pause?: { readonly from: number; readonly to: number } | null
}

/** A plan to read: small trees before and after, checks, warnings, steps with their statements, and what holds if a step fails. */
export function PlanBody({ plan, operation, pause = null }: PlanBodyOf) {
  const { t } = useTranslation()
  const say = useSay()
  const cache = useQueryClient()
  // The place around the move as the page knows it, kept as it was when the plan was shown: the tree behind moves on.
  const [members] = useState(() => membersAround(cache, plan))
  const before = sourcesAround(members, plan.before, plan.after)
  const after = sourcesAround(members, plan.after, plan.before)
  const changesTree = miniTree(before, after).some(line => line.isMoved)
  return (
    <div className="plan">
      {changesTree ? (
        <div className="plan-trees">
          <MiniTree title={t('plan.before')} sources={before} other={after} />
          <MiniTree title={t('plan.after')} sources={after} other={before} />
        </div>
      ) : null}
      {plan.checks.length + plan.warnings.length > 0 ? (
        <ul className="plan-checks">
          {plan.checks.map(check => (
            <li key={`${check.code} ${check.text}`}>
              <IconCheck size={15} className="ink-ok" aria-hidden />
              <span>{say(check)}</span>
            </li>
          ))}
          {plan.warnings.map(warning => (
            <li key={`${warning.code} ${warning.text}`}>
              <IconAlertTriangle size={15} className="ink-warning" aria-label={t('plan.warnings')} />
              <span>{say(warning)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <Methods methods={plan.methods ?? []} />
      <PlanSteps plan={plan} operation={operation} pause={pause} />
    </div>
  )
}

/** For each replica that moves: which method is taken, and why those before it were not. */
export function Methods({ methods }: { readonly methods: readonly MethodView[] }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const replicas = [...Map.groupBy(methods, ({ replica }) => replica)]
  if (replicas.length === 0) return null
  const isRefused = methods.every(({ taken }) => !taken)
  return (
    <details className="plan-fails" open={isRefused}>
      <summary>{isRefused ? t('plan.methodsTried') : t('plan.whyMethod')}</summary>
      {replicas.map(([replica, tried]) => (
        <section key={replica}>
          {replicas.length === 1 ? null : <h4 className="mono">{nameOf(replica)}</h4>}
          <ul className="plan-checks">
            {tried.map(({ method, taken, why }) => (
              <li key={method}>
                {taken ? <IconCheck size={15} className="ink-ok" aria-label={t('plan.methodTaken')} /> : <IconBan size={15} className="dim" aria-label={t('plan.methodNotTaken')} />}
                <span className={taken ? undefined : 'dim'}>{say(why)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </details>
  )
}

/** The cluster that one of the servers is in, as the page knows it. */
export function clusterWith(cache: QueryClient, ...servers: readonly string[]): ClusterView | null {
  for (const [, view] of cache.getQueriesData<ClusterView>({ queryKey: ['cluster'] })) if (view?.members.some(member => servers.includes(member.key)) === true) return view
  return null
}

const membersAround = (cache: QueryClient, plan: PlanView): readonly ServerView[] => clusterWith(cache, ...Object.keys(plan.before))?.members ?? []

function MiniTree({ title, sources, other }: { readonly title: string; readonly sources: PlanView['before']; readonly other: PlanView['before'] }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  return (
    <section className="mini-tree">
      <h3>{title}</h3>
      <ul>
        {miniTree(sources, other).map(line => (
          <li key={line.key} data-depth={line.depth} style={lineStyle(line)} className={line.isMoved ? 'moved' : undefined}>
            <span className="mini-name">{nameOf(line.key)}</span>
            {line.isMoved ? <span className="mini-note">{t('plan.moved')}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** How deep a line stands and how long it is, for the style sheet. */
// The edge: React's types do not know custom properties.
const lineStyle = ({ depth, reach }: MiniLine): CSSProperties => ({ '--depth': Math.min(depth, 8), '--reach': reach }) as CSSProperties

function PlanSteps({ plan, operation, pause = null }: PlanBodyOf) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const [shown, setShown] = useState(false)
  const last = plan.steps.at(-1)
  const concerns = [...new Map(plan.steps.slice(0, -1).map(step => [step.ifStoppedHere.text, step.ifStoppedHere])).values()]
  if (plan.steps.length === 0) return <p className="dim">{t('plan.noSteps')}</p>
  return (
    <>
      <div className="row spread">
        <h3>
          {t('plan.steps')} <span className="dim">· {t(`method.${methodKey(plan.method)}`)}</span>
        </h3>
        <button type="button" className="link-button" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? t('state.less') : t('plan.showStatements')}
        </button>
      </div>
      <ol className="plan-steps">
        {plan.steps.map(step => {
          const ran = operation?.steps.find(each => each.number === step.number) ?? null
          return (
            <li key={step.number} className={ran === null ? undefined : `ran-${ran.state}`}>
              <span className="step-number" aria-hidden>
                {step.number}
              </span>
              <span className="step-server">{nameOf(step.server)}</span>
              <span className="step-says">
                {say(step.says)}
                {step.number === pause?.from ? <span className="step-mark ink-warning">{t('takeover.writesStop')}</span> : null}
                {step.number === pause?.to ? <span className="step-mark ink-ok">{t('takeover.writesResume')}</span> : null}
                {shown ? step.statements.map(statement => <code key={statement}>{statement}</code>) : null}
                {ran?.failure === null || ran?.failure === undefined ? null : <span className="ink-critical">{ran.failure}</span>}
              </span>
              {ran === null ? null : (
                <span className="step-state">
                  {t(`plan.${ran.state}`)}
                  {ran.milliseconds === null ? null : ` ${shortDuration(ran.milliseconds)}`}
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {last === undefined || concerns.length === 0 ? null : (
        <details className="plan-fails">
          <summary>{t('plan.ifFails')}</summary>
          <ul>
            {concerns.map(reason => (
              <li key={reason.text}>{say(reason)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
