import { Button } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { matches } from '../../drawing/filter.ts'
import { grow } from '../../drawing/forest.ts'
import { textOf } from '../../drawing/text.ts'
import { useNameOf } from '../../instance/names.ts'
import { gtidWords, statusWords, versionWords } from '../../instance/server-words.ts'
import { litBy } from '../../tree/build-cards.ts'
import { copyText } from '../../ui/copy.tsx'

/** The cluster as indented text, for pasting into a chat. A filter leaves those that it finds, with their sources. */
export function TextView({ cluster, query }: { readonly cluster: ClusterView; readonly query: string }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const text = useMemo(() => {
    const lit = litBy(cluster.members, query.trim() === '' ? null : server => matches(server, query))?.lit ?? null
    const members = lit === null ? cluster.members : cluster.members.filter(({ key }) => lit.has(key))
    return textOf(grow(members, { foldAlike: false, opened: new Set(), toggled: new Set(), isWhole: true }), {
      server: server => [
        nameOf(server.key),
        server.statuses.map(status => statusWords(status, server, t)).join(', '),
        versionWords(server),
        gtidWords(server, t),
        server.readOnly ? t('card.readOnly') : t('card.writable'),
        ...(server.dataCenter === '' ? [] : [server.dataCenter]),
        ...(server.downtime === null ? [] : [t('panel.downtime')]),
      ],
      ghost: name => t('card.ghost', { name: nameOf(name) }),
    })
  }, [cluster.members, query, nameOf, t])
  return (
    <div className="text-view">
      <Button size="xs" variant="default" leftSection={<IconCopy size={15} />} onClick={() => void copyText(text)}>
        {t('cluster.copyText')}
      </Button>
      {/* It scrolls by itself, so it can be reached by keys. */}
      <pre tabIndex={0} role="region" aria-label={t('cluster.treeLabel', { cluster: cluster.alias || cluster.name })}>
        {text}
      </pre>
    </div>
  )
}
