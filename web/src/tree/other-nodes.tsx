import { Handle, type NodeProps } from '@xyflow/react'
import { IconChevronsLeft, IconChevronsRight, IconDotsVertical, IconHexagons, IconQuestionMark } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNameOf } from '../instance/names.ts'
import { countWords } from './count-words.ts'
import { MiddleName } from './middle-name.tsx'
import type { FrameCard, GhostCard, MoreCard } from './node-types.ts'
import { useTree } from './tree-context.tsx'

/** Those of one source for which there was no room. */
export const MoreNode = memo(function MoreNode({ data, targetPosition }: NodeProps<MoreCard>) {
  const { t } = useTranslation()
  const tree = useTree()
  const { branch } = data
  return (
    <div className={['card more', data.isCurrent ? 'is-current' : '', data.isDimmed ? 'is-dimmed' : ''].join(' ')}>
      {targetPosition === undefined ? null : <Handle type="target" position={targetPosition} isConnectable={false} />}
      <span className="visually-hidden">{data.sentence}</span>
      <div className="card-face" aria-hidden>
        <button
          type="button"
          className="link-button more-open nopan"
          tabIndex={-1}
          onClick={event => {
            event.stopPropagation()
            tree.open(branch.id)
          }}
        >
          {branch.isOpen ? <IconChevronsLeft size={16} /> : <IconDotsVertical size={16} />}
          {data.sentence}
          {branch.isOpen ? null : <IconChevronsRight size={16} />}
        </button>
        {branch.isOpen ? null : <div className="card-line card-facts">{countWords(branch.servers, t)}</div>}
      </div>
    </div>
  )
})

/** A source that replicas name and we do not know. */
export const GhostNode = memo(function GhostNode({ data, sourcePosition }: NodeProps<GhostCard>) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  return (
    <div className={data.isCurrent ? 'card ghost is-current' : 'card ghost'}>
      <span className="visually-hidden">{data.sentence}</span>
      <div className="card-face" aria-hidden>
        <div className="card-line card-head">
          <span className="card-name" title={data.name}>
            <IconQuestionMark size={15} aria-hidden />
            <MiddleName name={t('card.ghost', { name: nameOf(data.name) })} />
          </span>
        </div>
        <div className="ghost-text">{t('card.ghostText')}</div>
      </div>
      {sourcePosition === undefined ? null : <Handle type="source" position={sourcePosition} isConnectable={false} />}
    </div>
  )
})

/** Around the members of a replication group. */
export const FrameNode = memo(function FrameNode({ data }: NodeProps<FrameCard>) {
  const { t } = useTranslation()
  const { name, members } = data.frame
  const online = members.filter(({ group }) => group?.state === 'ONLINE').length
  return (
    <div className="group-frame">
      <span title={`${t(members[0]?.group?.isSinglePrimary === false ? 'card.groupMulti' : 'card.groupSingle')} · ${name}`}>
        <IconHexagons size={14} aria-hidden />
        {t('card.group', { online, count: members.length })}
      </span>
    </div>
  )
})
