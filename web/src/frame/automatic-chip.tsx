import { Button, Popover } from '@mantine/core'
import { IconFirstAidKit, IconFirstAidKitOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { openDialog } from '../actions/dialogs.ts'
import { useMayAct } from '../actions/may-act.ts'
import { queries } from '../api/queries.ts'
import { clock } from '../words/format.ts'

/** Whether failures are recovered without a person, for whom, and the switch for all. */
export function AutomaticChip() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data: me } = useQuery(queries.me)
  const { data: fleet } = useQuery(queries.fleet)
  const whyNot = useMayAct()
  if (me === undefined) return null
  const { enabled, since, by } = me.recoveries
  const covered = fleet?.clusters.filter(row => row.recoversPrimary).length ?? 0
  const all = fleet?.clusters.length ?? 0
  const words = enabled
    ? covered < all
      ? t('auto.covered', { covered, all })
      : t('auto.on')
    : since === null
      ? t('auto.off')
      : by === ''
        ? t('auto.offSince', { at: clock(since) })
        : t('auto.offSinceBy', { at: clock(since), by })
  const filters = (list: readonly string[]) =>
    list.length === 0 ? <span className="dim">{t('auto.noFilters')}</span> : list.map(each => <code key={each}>{each}</code>)
  return (
    <Popover opened={open} onChange={setOpen} width={360} position="bottom-end" withinPortal trapFocus shadow="md">
      <Popover.Target>
        <button type="button" className={`chip-button ${enabled ? '' : 'tone-warning'}`} aria-expanded={open} onClick={() => setOpen(!open)}>
          {enabled ? <IconFirstAidKit size={14} aria-hidden /> : <IconFirstAidKitOff size={14} aria-hidden />}
          <span className="chip-words">{words}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('auto.title')}>
        <div className="popover">
          <h2>{t('auto.title')}</h2>
          <p>{enabled ? t('auto.globalOn') : t('auto.globalOff')}</p>
          <h3>{t('auto.primaryFilters')}</h3>
          <div className="row wrap">{filters(me.recoveryFilters.primary)}</div>
          <h3>{t('auto.intermediateFilters')}</h3>
          <div className="row wrap">{filters(me.recoveryFilters.intermediate)}</div>
          <Button
            size="xs"
            variant="default"
            disabled={whyNot !== null}
            {...(whyNot === null ? {} : { title: whyNot })}
            onClick={() => {
              setOpen(false)
              openDialog({ kind: 'automatic', enabled })
            }}
          >
            {enabled ? t('auto.turnOff') : t('auto.turnOn')}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
