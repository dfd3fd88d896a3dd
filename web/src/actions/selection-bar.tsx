import { Button } from '@mantine/core'
import { IconArrowMoveRight, IconClockPause, IconClockPlay, IconPlayerPlay, IconPlayerStop, IconRefresh, IconStar, IconTag, IconTrash, IconX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { whyNotReplication } from './acts/replication.ts'
import { openDialog } from './dialogs.ts'
import { useMayAct } from './may-act.ts'
import { runMany } from './many.ts'
import { whyNotMovable } from './many-moves.ts'

const replicationChanges = ['start', 'stop'] as const

/** What can be done to all chosen servers at once. What is not possible stays, with its reason. */
export function SelectionBar({ servers, clear }: { readonly servers: readonly ServerView[]; readonly clear: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const nameOf = useNameOf()
  const mayNot = useMayAct()
  const [busy, setBusy] = useState(false)
  const count = servers.length
  const downtimed = servers.filter(server => server.downtime !== null)
  const immobile = whyNotMovable(servers)
  const whyNotMove = mayNot ?? (immobile === null ? null : t(`many.${immobile}`))
  const off = (why: string | null) => ({ disabled: why !== null || busy, ...(why === null ? {} : { title: why }) })
  const run = async (operation: string, of: readonly ServerView[], done: (count: number) => string): Promise<void> => {
    setBusy(true)
    await runMany(cache, operation, of.map(server => ({ name: nameOf(server.key), input: { instance: server.key } })), done)
    setBusy(false)
  }
  return (
    <div className="selection-bar" role="toolbar" aria-label={t('many.bar')}>
      <strong role="status">{t('many.chosen', { count })}</strong>
      <Button size="xs" variant="default" leftSection={<IconArrowMoveRight size={15} />} {...off(whyNotMove)} onClick={() => openDialog({ kind: 'move-many', servers, destination: null })}>
        {t('many.move')}
      </Button>
      {replicationChanges.map(change => {
        const able = servers.filter(server => whyNotReplication[change](server) === null).length
        const [first] = servers
        const whyNone = able > 0 || first === undefined ? null : whyNotReplication[change](first)
        const ChangeIcon = change === 'start' ? IconPlayerPlay : IconPlayerStop
        return (
          <Button
            key={change}
            size="xs"
            variant="default"
            leftSection={<ChangeIcon size={15} />}
            {...off(mayNot ?? (whyNone === null ? null : t(`why.${whyNone}`)))}
            onClick={() => openDialog({ kind: 'replication-many', servers, change })}
          >
            {able === 0 || able === count ? t(`manyMore.${change}Menu`) : t('manyMore.ofAll', { act: t(`manyMore.${change}Menu`), able, all: count })}
          </Button>
        )
      })}
      <Button size="xs" variant="default" leftSection={<IconClockPause size={15} />} {...off(mayNot)} onClick={() => openDialog({ kind: 'downtime-many', servers })}>
        {t('many.downtime')}
      </Button>
      {downtimed.length === 0 ? null : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconClockPlay size={15} />}
          {...off(mayNot)}
          onClick={() => void run('end-downtime', downtimed, ended => t('many.ended', { count: ended }))}
        >
          {t('many.endDowntime')}
        </Button>
      )}
      <Button size="xs" variant="default" leftSection={<IconRefresh size={15} />} {...off(mayNot)} onClick={() => void run('refresh', servers, read => t('many.refreshed', { count: read }))}>
        {t('many.refresh')}
      </Button>
      <Button size="xs" variant="default" leftSection={<IconTag size={15} />} {...off(mayNot)} onClick={() => openDialog({ kind: 'tag-many', servers })}>
        {t('manyMore.tagMenu')}
      </Button>
      <Button size="xs" variant="default" leftSection={<IconStar size={15} />} {...off(mayNot)} onClick={() => openDialog({ kind: 'rule-many', servers })}>
        {t('manyMore.ruleMenu')}
      </Button>
      <Button size="xs" variant="default" color="red" leftSection={<IconTrash size={15} />} {...off(mayNot)} onClick={() => openDialog({ kind: 'forget-many', servers })}>
        {t('manyMore.forgetMenu')}
      </Button>
      <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={15} />} onClick={clear}>
        {t('many.clear')}
      </Button>
    </div>
  )
}
