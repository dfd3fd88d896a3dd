import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyIcon } from '../ui/copy.tsx'

const shownMax = 96

/** A GTID set: folded when long, always to be copied whole. */
export function GtidText({ set }: { readonly set: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const isLong = set.length > shownMax
  return (
    <span className="gtid">
      <code>{isLong && !open ? `${set.slice(0, shownMax)}…` : set}</code>
      <CopyIcon text={set} label={t('state.copy')} />
      {isLong ? (
        <button type="button" className="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('state.less') : t('state.showAll')}
        </button>
      ) : null}
    </span>
  )
}
