import { Handle, useStore as useFlow, type NodeProps } from '@xyflow/react'
import { IconBan, IconCheck, IconDots, IconAlertTriangle, IconGripVertical, IconArrowBigUpLine, IconMinus, IconPlus } from '@tabler/icons-react'
import { memo, type MouseEvent } from 'react'
import type { TFunction } from 'i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useTranslation } from 'react-i18next'
import { detailAt, type Detail } from '../drawing/sizes.ts'
import { verdictOn, type Verdict } from '../drawing/overlay.ts'
import { ChipRow } from '../instance/chip-row.tsx'
import { useNameOf } from '../instance/names.ts'
import { RoleIcon } from '../instance/role-icon.tsx'
import { gtidWords, versionWords } from '../instance/server-words.ts'
import { StatusIcon, StatusMark } from '../instance/status-mark.tsx'
import { useChanged } from '../ui/changed.ts'
import { useStore } from '../ui/store.ts'
import { methodKey } from '../words/method-key.ts'
import { useSay } from '../words/say.ts'
import { countWords } from './count-words.ts'
import { dragging } from './drag.ts'
import { MiddleName } from './middle-name.tsx'
import type { ServerCard } from './node-types.ts'
import { useTree } from './tree-context.tsx'

/** One server: name, its one worst status, what it is, marks. Fixed size; less of it is drawn when the view is far away. */
export const ServerNode = memo(function ServerNode({ data, targetPosition, sourcePosition }: NodeProps<ServerCard>) {
  const detail = useFlow(state => detailAt(state.transform[2]))
  const { server } = data
  // Picked apart, so that a moving pointer draws only the card it enters or leaves.
  const dragged = useStore(dragging, state => state.drag?.excluded ?? null)
  const targets = useStore(dragging, state => state.drag?.targets ?? null)
  const over = useStore(dragging, state => (state.drag?.over?.card === server.key ? state.drag.over.zone : null))
  const verdict = dragged === null ? null : verdictOn(server.key, dragged, targets)
  const tree = useTree()
  const worst = server.statuses[0]
  const hasChanged = useChanged(worst?.code)
  const classes = [
    'card',
    `detail-${detail}`,
    `severity-${worst?.severity ?? 'stale'}`,
    `status-${worst?.code ?? 'not-checked'}`,
    server.role === 'primary' || server.role === 'co-primary' ? 'is-primary' : '',
    server.downtime === null ? '' : 'is-downtimed',
    data.isCurrent ? 'is-current' : '',
    data.isChosen ? 'is-chosen' : '',
    data.isDimmed ? 'is-dimmed' : '',
    hasChanged ? 'has-changed' : '',
    data.colour === null ? '' : `colour-${data.colour}`,
    verdict === null ? '' : `verdict-${verdict.kind}`,
    over === null ? '' : 'is-over',
  ]
  return (
    <div className={classes.filter(name => name !== '').join(' ')} onPointerDown={event => tree.press({ servers: [server.key], replicasOf: null }, event)}>
      {targetPosition === undefined ? null : <Handle type="target" position={targetPosition} isConnectable={false} />}
      {/* The card's name is the whole sentence, which says all that the face shows; what can be done is reached by keys and by the menu (Shift F10). */}
      <span className="visually-hidden">{data.sentence}</span>
      <div className="card-face" aria-hidden>
        <CardFace data={data} detail={detail} />
      </div>
      {verdict === null || verdict.kind === 'dragged' ? null : <VerdictLine verdict={verdict} over={over} />}
      {sourcePosition === undefined ? null : <Handle type="source" position={sourcePosition} isConnectable={false} />}
    </div>
  )
})

function CardFace({ data, detail }: { readonly data: ServerCard['data']; readonly detail: Detail }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const tree = useTree()
  const { server } = data
  const worst = server.statuses[0]
  const name = nameOf(server.key)
  if (detail === 'tile')
    return worst === undefined ? null : (
      <div className="card-tile" title={`${name} · ${t(`status.${worst.code}`)}`}>
        <StatusIcon code={worst.code} severity={worst.severity} size={64} />
      </div>
    )
  if (detail === 'row') {
    return (
      <div className="card-row">
        <span className="card-name">
          <RoleIcon role={server.role} size={22} />
          <MiddleName name={name} />
        </span>
        {worst === undefined ? null : <StatusMark status={worst} server={server} withAge={false} />}
      </div>
    )
  }
  const openMenu = (event: MouseEvent): void => {
    event.stopPropagation()
    const box = event.currentTarget.getBoundingClientRect()
    tree.openMenu(server, { x: box.left, y: box.bottom })
  }
  return (
    <>
      <div className="card-line card-head">
        <span className="card-name" title={`${t(`role.${server.role}`)} · ${server.key}`}>
          <RoleIcon role={server.role} />
          <MiddleName name={name} />
        </span>
        {tree.isPast ? null : (
          <button
            type="button"
            className="card-button nopan"
            tabIndex={-1}
            aria-label={t('card.menu', { server: name })}
            onClick={openMenu}
            onPointerDown={event => event.stopPropagation()}
          >
            <IconDots size={16} />
          </button>
        )}
      </div>
      <div className="card-line">
        {worst === undefined ? null : <StatusMark status={worst} server={server} />}
        {server.statuses.length > 1 ? (
          <span className="more-problems" title={t('card.problems', { count: server.statuses.length - 1 })}>
            +{server.statuses.length - 1}
          </span>
        ) : null}
      </div>
      <div className="card-line card-facts">
        <span>{[versionWords(server), gtidWords(server, t)].join(' · ')}</span>
        {worst?.code === 'writable' || worst?.code === 'read-only-primary' ? (
          <span>{t(`role.${server.role}`)}</span>
        ) : (
          <span className={server.readOnly ? 'mode' : 'mode is-writable'}>{server.readOnly ? t('card.readOnly') : t('card.writable')}</span>
        )}
      </div>
      {data.hidden.length === 0 ? (
        <ChipRow server={server} />
      ) : (
        <div className="card-line card-below" title={countWords(data.hidden, t)}>
          {t('card.belowLine', { count: data.hidden.length, words: countWords(data.hidden, t) })}
        </div>
      )}
      {data.hasReplicas || data.hidden.length > 0 ? <ReplicasKnob data={data} name={name} /> : null}
      {server.replicas.length > 0 && tree.mayAct ? <Grip server={server} name={name} /> : null}
    </>
  )
}

/** At the right edge: pulls all replicas at once. It has no keys of its own, because the menu offers the same. */
function Grip({ server, name }: { readonly server: ServerView; readonly name: string }) {
  const { t } = useTranslation()
  const tree = useTree()
  return (
    <span
      className="grip nopan"
      title={t('card.grip', { server: name })}
      onClick={event => event.stopPropagation()}
      onPointerDown={event => {
        event.stopPropagation()
        tree.press({ servers: server.replicas, replicasOf: server.key }, event)
      }}
    >
      <IconGripVertical size={12} />
      {server.replicas.length}
    </span>
  )
}

/** At the right edge: how many hang below, to hide and show them, and (for several) to drag them together by the menu. */
function ReplicasKnob({ data, name }: { readonly data: ServerCard['data']; readonly name: string }) {
  const { t } = useTranslation()
  const tree = useTree()
  const isHidden = data.hidden.length > 0
  return (
    <button
      type="button"
      className={isHidden ? 'knob is-hidden' : 'knob'}
      tabIndex={-1}
      aria-label={isHidden ? t('card.expand', { server: name }) : t('card.collapse', { server: name })}
      onClick={event => {
        event.stopPropagation()
        tree.toggleReplicas(data.server.key)
      }}
      onPointerDown={event => event.stopPropagation()}
    >
      {isHidden ? (
        <>
          <IconPlus size={12} />
          {data.hidden.length}
        </>
      ) : (
        <IconMinus size={12} />
      )}
    </button>
  )
}

/** The answer of one target while something is dragged: mark and words, and the second zone of a primary when the pointer is over it. */
function VerdictLine({ verdict, over }: { readonly verdict: Verdict; readonly over: 'move' | 'take-over' | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const Icon =
    verdict.kind === 'refused' ? IconBan : verdict.kind === 'possible' ? IconCheck : verdict.kind === 'waiting' ? IconGripVertical : IconAlertTriangle
  const words =
    verdict.kind === 'waiting' || verdict.move === null
      ? t('drag.waiting')
      : verdict.kind === 'refused'
        ? say(verdict.move.says)
        : moveWords(verdict.move, t, say)
  return (
    <div className={`verdict ${over === null ? '' : 'is-open'}`}>
      <div className={over === 'move' ? 'verdict-zone is-over' : 'verdict-zone'}>
        <Icon size={15} aria-hidden />
        <span>{words}</span>
      </div>
      {verdict.takeOver === null || over === null ? null : (
        <div className={over === 'take-over' ? 'verdict-zone take-over is-over' : 'verdict-zone take-over'}>
          <IconArrowBigUpLine size={15} aria-hidden />
          <span>{t('drag.promote')}</span>
        </div>
      )}
    </div>
  )
}

function moveWords(move: NonNullable<Verdict['move']>, t: TFunction, say: ReturnType<typeof useSay>): string {
  const act = t('drag.moveMethod', { method: t(`method.${methodKey(move.method)}`) })
  const warning = move.warnings[0]
  return warning === undefined ? act : `${act} · ${say(warning)}`
}
