import { Button, Checkbox } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { duration } from '../words/format.ts'
import type { TakeoverCheck } from './takeover-checks.ts'
import { actNamed } from './menu.ts'
import { usePerform } from './use-perform.ts'

interface CheckListOf {
  readonly checks: readonly TakeoverCheck[]
  readonly successor: string
  readonly cluster: ClusterView
  readonly ticked: ReadonlySet<string>
  readonly tick: (says: string) => void
  readonly isBusy: boolean
}

/** Each thing that was looked at, with a sentence: what forbids it, what must be accepted, and where possible what mends it. */
export function TakeoverCheckList({ checks, successor, cluster, ticked, tick, isBusy }: CheckListOf) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const perform = usePerform(cluster)
  const words = ({ says, servers, values }: TakeoverCheck): string => {
    const said = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, name === 'lag' || name === 'limit' ? duration(Number(value)) : value]))
    // Each sentence takes some of these.
    return t(`takeover.check.${says}` as 'takeover.check.lag', { server: nameOf(successor), servers: servers.map(nameOf).join(', '), lag: '', limit: '', ...said })
  }
  return (
    <fieldset className="candidates takeover-checks">
      <legend>2 · {t('takeover.checks')}</legend>
      {checks.map(check => {
        const { fix, says, state } = check
        const act = fix === null ? undefined : actNamed(fix.act)
        const server = fix === null ? undefined : cluster.members.find(({ key }) => key === fix.server)
        return (
          <div key={says} className="takeover-check" data-state={state}>
            {state === 'ok' ? (
              <IconCheck size={16} className="ink-ok" aria-hidden />
            ) : state === 'warning' ? (
              <IconAlertTriangle size={16} className="ink-warning" aria-label={t('plan.warnings')} />
            ) : (
              <IconCircleX size={16} className="ink-critical" aria-label={t('plan.refused')} />
            )}
            <span className={state === 'ok' ? 'dim grow' : 'grow'}>{words(check)}</span>
            {act === undefined || server === undefined ? null : (
              <Button size="compact-xs" variant="default" disabled={isBusy} onClick={() => perform(act, server)}>
                {t(`act.${act.name}.menu`)}
              </Button>
            )}
            {state === 'warning' ? <Checkbox size="xs" label={t('takeover.ticked')} aria-label={`${t('takeover.ticked')}: ${words(check)}`} checked={ticked.has(says)} disabled={isBusy} onChange={() => tick(says)} /> : null}
          </div>
        )
      })}
    </fieldset>
  )
}
