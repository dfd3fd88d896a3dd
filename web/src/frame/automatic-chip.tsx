import { Popover } from '@mantine/core'
import { IconFirstAidKit, IconFirstAidKitOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../api/queries.ts'
import { later } from '../ui/later.tsx'
import { clock } from '../words/format.ts'

const AutomaticPanel = later(() => import('./automatic-panel.tsx').then(part => part.AutomaticPanel))

/** Whether failures are recovered without a person, for whom, and the switch for all. */
export function AutomaticChip() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data: me } = useQuery(queries.me)
  const { data: fleet } = useQuery(queries.fleet)
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
  return (
    <Popover opened={open} onChange={setOpen} width={420} position="bottom-end" withinPortal trapFocus shadow="md">
      <Popover.Target>
        <button type="button" className={`chip-button ${enabled ? '' : 'tone-warning'}`} aria-expanded={open} onClick={() => setOpen(!open)}>
          {enabled ? <IconFirstAidKit size={14} aria-hidden /> : <IconFirstAidKitOff size={14} aria-hidden />}
          <span className="chip-words">{words}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('auto.title')}>
        {open ? <AutomaticPanel me={me} close={() => setOpen(false)} /> : null}
      </Popover.Dropdown>
    </Popover>
  )
}
