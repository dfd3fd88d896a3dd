import { Handle, Position, type NodeProps } from '@xyflow/react'
import { IconQuestionMark, IconStack2 } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { statusOrder } from '../drawing/trouble.ts'
import { useNameOf } from '../instance/names.ts'
import { inSentence } from '../words/format.ts'
import type { GhostCard, StackCard } from './node-types.ts'
import { useTree } from './tree-context.tsx'

/** Alike replicas in one card, counted by status in words. */
export const StackNode = memo(function StackNode({ data }: NodeProps<StackCard>) {
  const { t } = useTranslation()
  const tree = useTree()
  const { branch } = data
  const counts = Map.groupBy(branch.servers, server => server.statuses[0]?.code ?? 'not-checked')
  const words = statusOrder.flatMap(code => {
    const count = counts.get(code)?.length ?? 0
    return count === 0 ? [] : [t('card.stackLine', { count, word: inSentence(t(`status.${code}`)) })]
  })
  return (
    <div className={data.isCurrent ? 'card stack is-current' : 'card stack'}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="visually-hidden">{data.sentence}</span>
      <div className="card-face" aria-hidden>
        <div className="card-line card-head">
          <span className="card-name">
            <IconStack2 size={15} aria-hidden />
            {t('card.stack', { count: branch.servers.length })}
          </span>
          <button
            type="button"
            className="link-button nopan"
            tabIndex={-1}
            onClick={event => {
              event.stopPropagation()
              tree.openStack(branch.id)
            }}
          >
            {t('card.openStack')}
          </button>
        </div>
        <div className="card-line">{words.join(' · ')}</div>
        <div className="card-line card-facts">
          {[branch.servers[0]?.version.replace(/-.*$/, '') ?? '', branch.dataCenter].filter(part => part !== '').join(' · ')}
        </div>
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  )
})

/** A source that replicas name and we do not know. */
export const GhostNode = memo(function GhostNode({ data }: NodeProps<GhostCard>) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  return (
    <div className={data.isCurrent ? 'card ghost is-current' : 'card ghost'}>
      <span className="visually-hidden">{data.sentence}</span>
      <div className="card-face" aria-hidden>
        <div className="card-line card-head">
          <span className="card-name">
            <IconQuestionMark size={15} aria-hidden />
            {t('card.ghost', { name: nameOf(data.name) })}
          </span>
        </div>
        <div className="ghost-text">{t('card.ghostText')}</div>
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  )
})
