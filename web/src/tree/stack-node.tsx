import { Handle, useStore as useFlow, type NodeProps } from '@xyflow/react'
import { IconChevronsLeft, IconChevronsRight, IconList, IconStack2 } from '@tabler/icons-react'
import { memo, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { detailAt } from '../drawing/sizes.ts'
import { statusOrder, worstOf } from '../drawing/trouble.ts'
import { StatusIcon } from '../instance/status-mark.tsx'
import { countWords } from './count-words.ts'
import type { StackCard } from './node-types.ts'
import { useTree } from './tree-context.tsx'

/** Alike replicas in one card, counted by status in words. It is dragged as a whole, opened in place, or shown as a list. */
export const StackNode = memo(function StackNode({ data, targetPosition }: NodeProps<StackCard>) {
  const { t } = useTranslation()
  const tree = useTree()
  const detail = useFlow(state => detailAt(state.transform[2]))
  const { branch } = data
  const classes = ['card', 'stack', `detail-${detail}`, data.isCurrent ? 'is-current' : '', data.isDimmed ? 'is-dimmed' : '', data.colour === null ? '' : `colour-${data.colour}`]
  const title = t('card.stack', { count: branch.servers.length })
  const button = (does: (event: MouseEvent) => void) => ({
    type: 'button' as const,
    tabIndex: -1,
    onClick: (event: MouseEvent) => {
      event.stopPropagation()
      does(event)
    },
    onPointerDown: (event: { stopPropagation: () => void }) => event.stopPropagation(),
  })
  return (
    <div className={classes.filter(name => name !== '').join(' ')} onPointerDown={event => tree.press({ servers: branch.servers.map(({ key }) => key), replicasOf: null }, event)}>
      {targetPosition === undefined ? null : <Handle type="target" position={targetPosition} isConnectable={false} />}
      <span className="visually-hidden">{data.sentence}</span>
      <div className="card-face" aria-hidden>
        {detail === 'card' ? (
          <>
            <div className="card-line card-head">
              <span className="card-name">
                <IconStack2 size={15} aria-hidden />
                {title}
              </span>
              <button
                className="card-button nopan"
                title={t('card.listStack')}
                {...button(event => {
                  const box = event.currentTarget.getBoundingClientRect()
                  tree.list(branch.servers, { x: box.left, y: box.bottom })
                })}
              >
                <IconList size={16} />
              </button>
            </div>
            <div className="card-line">{countWords(branch.servers, t)}</div>
            <div className="card-line card-facts">
              <span>{[branch.servers[0]?.version.replace(/-.*$/, '') ?? '', branch.dataCenter].filter(part => part !== '').join(' · ')}</span>
              <button className="link-button stack-open nopan" {...button(() => tree.open(branch.id))}>
                {branch.isOpen ? <IconChevronsLeft size={13} /> : null}
                {branch.isOpen ? t('card.closeStack') : t('card.openStack')}
                {branch.isOpen ? null : <IconChevronsRight size={13} />}
              </button>
            </div>
          </>
        ) : (
          <Far stack={branch} isTile={detail === 'tile'} />
        )}
      </div>
    </div>
  )
})

/** From far away: how many, and how the worst of them is. */
function Far({ stack, isTile }: { readonly stack: StackCard['data']['branch']; readonly isTile: boolean }) {
  const worst = stack.servers.flatMap(server => worstOf(server) ?? []).toSorted((left, right) => statusOrder.indexOf(left.code) - statusOrder.indexOf(right.code))[0]
  return (
    <div className={isTile ? 'card-tile' : 'card-row'}>
      <span className="card-name">
        {worst === undefined ? null : <StatusIcon code={worst.code} severity={worst.severity} size={isTile ? 48 : 22} />}× {stack.servers.length}
      </span>
    </div>
  )
}
