import { useTranslation } from 'react-i18next'
import type { FindingView } from '../../../src/contract/views.ts'
import { useNow } from '../ui/now.ts'
import { duration } from '../words/format.ts'
import { useSay } from '../words/say.ts'

/** What will be done about a finding, or why nothing will: always one sentence. */
export function Outlook({ finding }: { readonly finding: FindingView }) {
  const { t } = useTranslation()
  const say = useSay()
  const { outlook } = finding
  return (
    <span className={`outlook outlook-${outlook.state}`}>
      {t(`outlook.${outlook.state}`)}
      {outlook.state === 'none-needed' ? null : <span className="dim"> — {say(outlook.reason)}</span>}
    </span>
  )
}

export function Since({ at }: { readonly at: number | null }) {
  const { t } = useTranslation()
  const now = useNow()
  return at === null ? null : <span className="since">{t('time.since', { time: duration((now - at) / 1000) })}</span>
}
