import {
  IconAlertTriangleFilled,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleXFilled,
  IconClockExclamation,
  IconDatabaseX,
  IconHelpCircle,
  IconHexagon,
  IconLock,
  IconPlayerStopFilled,
  IconTool,
  IconUnlink,
  IconVersions,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerStatus, ServerView, StatusCode } from '../../../src/contract/views.ts'
import { useNow } from '../ui/now.ts'
import { statusAge, statusWords } from './server-words.ts'

/** A different shape for each status: they can be told apart without colour. */
export const statusIcons: Readonly<Record<StatusCode, ComponentType<{ readonly size?: number; readonly className?: string }>>> = {
  'unreachable': IconCircleXFilled,
  'applier-error': IconDatabaseX,
  'receiver-error': IconUnlink,
  'stopped': IconPlayerStopFilled,
  'not-checked': IconCircleDashed,
  'group-not-online': IconHexagon,
  'lag': IconClockExclamation,
  'lag-unknown': IconHelpCircle,
  'errant-gtid': IconVersions,
  'maintenance': IconTool,
  'replicating': IconCircleCheck,
  'writable': IconCircleCheck,
  'read-only-primary': IconLock,
}

export function StatusIcon({ code, severity, size = 15 }: { readonly code: StatusCode; readonly severity: ServerStatus['severity']; readonly size?: number }) {
  const Icon = statusIcons[code] ?? IconAlertTriangleFilled
  return (
    <span className={`ink-${severity} mark`} aria-hidden>
      <Icon size={size} />
    </span>
  )
}

/** Icon, word and, where there is one, number and age. */
export function StatusMark({
  status,
  server,
  withAge = true,
}: {
  readonly status: ServerStatus
  readonly server: Pick<ServerView, 'replication'> | null
  readonly withAge?: boolean
}) {
  const { t } = useTranslation()
  return (
    <span className="status-mark">
      <StatusIcon code={status.code} severity={status.severity} />
      <span className={`ink-${status.severity} status-word`}>
        {statusWords(status, server, t)}
        {withAge && status.since !== null && status.severity !== 'ok' ? <Age status={status} /> : null}
      </span>
    </span>
  )
}

function Age({ status }: { readonly status: ServerStatus }) {
  return <span className="age"> · {statusAge(status, useNow())}</span>
}
