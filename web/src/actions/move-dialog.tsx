import { Loader, Modal, Select, Switch, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconArrowMoveRight, IconBan, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServerView, TargetView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { sortTargets, takeOverAct } from '../drawing/overlay.ts'
import { useNameOf } from '../instance/names.ts'
import { Failure } from '../ui/page-state.tsx'
import { methodKey } from '../words/method-key.ts'
import { useSay } from '../words/say.ts'
import { closeDialog, openDialog } from './dialogs.ts'
import { ListSearch, useChosenLine } from './list-search.tsx'
import { moveMethods, type MoveMethod } from './acts/move-methods.ts'

/** What the server judges at once; of more replicas than these the plan judges each. */
const askedAtOnceMax = 200

// The edge: Object.keys loses the literal names; these are the keys of the table.
const methodsOf = (what: 'server' | 'replicas'): readonly MoveMethod[] => (Object.keys(moveMethods) as MoveMethod[]).filter(method => moveMethods[method][what] !== null)

/** The same move without dragging, of a server or of all its replicas: every server with its verdict, best first; typing, arrows and Enter are enough. */
export function MoveDialog({ server, what }: { readonly server: ServerView; readonly what: 'server' | 'replicas' }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const [query, setQuery] = useState('')
  const [onlyPossible, setOnlyPossible] = useState(true)
  const [method, setMethod] = useState<MoveMethod>('auto')
  const [pattern, setPattern] = useState('')
  const moving = what === 'server' ? [server.key] : server.replicas
  const targets = useQuery({ queryKey: ['targets', ...moving], queryFn: () => client.targets(moving.slice(0, askedAtOnceMax)), staleTime: 0, gcTime: 0 })
  const title = what === 'server' ? t('move.title', { server: nameOf(server.key) }) : t('move.replicasTitle', { server: nameOf(server.key) })

  // The verdicts are about the method that orchestrator would choose; another method is judged when its plan is made.
  const isJudged = method === 'auto' && pattern.trim() === ''
  const all = sortTargets((targets.data ?? []).filter(target => target.act !== takeOverAct && target.target !== server.key))
  const listed = all.filter(
    target =>
      (!onlyPossible || !isJudged || target.verdict !== 'refused') && `${target.target} ${nameOf(target.target)}`.toLowerCase().includes(query.trim().toLowerCase()),
  )

  const take = (target: TargetView | undefined): void => {
    if (target === undefined || (isJudged && target.verdict === 'refused')) return
    const operation = moveMethods[method][what]
    if (operation === null) return
    const input = { instance: server.key, destination: target.target, ...(what === 'replicas' && pattern.trim() !== '' ? { pattern: pattern.trim() } : {}) }
    const runLabel = what === 'server' ? t('plan.runMove', { server: nameOf(server.key) }) : t('plan.runMoves')
    openDialog({ kind: 'plan', request: { operation, input, title, runLabel, typed: null, note: null, ...(what === 'server' ? { isMoveInHand: true as const } : {}) } })
  }
  const { chosen, choose, restart, onKeyDown } = useChosenLine(listed.length, index => take(listed[index]))

  return (
    <Modal
      opened
      onClose={closeDialog}
      size={600}
      centered
      title={title}
      closeButtonProps={{ 'aria-label': t('state.close') }}
    >
      <div className="dialog">
        <p className="dim">{what === 'server' ? t('move.text', { server: nameOf(server.key) }) : t('move.replicasText', { server: nameOf(server.key) })}</p>
        <ListSearch
          label={t('move.search')}
          placeholder={t('move.search')}
          query={query}
          change={text => {
            setQuery(text)
            restart()
          }}
          onKeyDown={onKeyDown}
          list="move-targets"
          active={listed.length === 0 ? undefined : `move-target-${chosen}`}
        />
        <Select
          label={t('move.method')}
          description={t(`move.methodHint.${method}`)}
          data={methodsOf(what).map(value => ({ value, label: t(`move.methods.${value}`) }))}
          value={method}
          onChange={value => setMethod(methodsOf(what).find(each => each === value) ?? 'auto')}
          allowDeselect={false}
        />
        {what === 'server' ? null : (
          <TextInput
            label={t('ask.pattern')}
            description={t('ask.patternHint')}
            value={pattern}
            onChange={event => setPattern(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        <Switch
          label={t('move.onlyPossible')}
          disabled={!isJudged}
          checked={onlyPossible}
          onChange={event => {
            setOnlyPossible(event.currentTarget.checked)
            restart()
          }}
        />
        {targets.isPending ? <Loader size="xs" /> : null}
        {targets.isError ? <Failure error={targets.error} retry={() => void targets.refetch()} /> : null}
        {targets.isSuccess && listed.length === 0 ? <p className="dim">{all.length > 0 && query === '' ? t('move.none') : t('move.noMatch')}</p> : null}
        <div className="target-list" role="listbox" id="move-targets" aria-label={t('move.targets')}>
          {listed.map((target, index) => (
            <TargetRow
              key={target.target}
              id={`move-target-${index}`}
              target={target}
              isJudged={isJudged}
              chosen={index === chosen}
              onHover={() => choose(index)}
              onTake={() => take(target)}
            />
          ))}
        </div>
      </div>
    </Modal>
  )
}

function TargetRow({
  id,
  target,
  isJudged,
  chosen,
  onHover,
  onTake,
}: {
  readonly id: string
  readonly target: TargetView
  readonly isJudged: boolean
  readonly chosen: boolean
  readonly onHover: () => void
  readonly onTake: () => void
}) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const isRefused = isJudged && target.verdict === 'refused'
  return (
    // The list is worked from its text field, as a combobox: rows are not stops of their own.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      aria-disabled={isRefused}
      className={`target-row ${isJudged ? `verdict-${target.verdict}` : ''} ${chosen ? 'chosen' : ''}`}
      onMouseEnter={onHover}
      onClick={onTake}
    >
      {isRefused ? (
        <IconBan size={16} aria-hidden />
      ) : !isJudged ? (
        <IconArrowMoveRight size={16} aria-hidden />
      ) : target.verdict === 'possible' ? (
        <IconCheck size={16} className="ink-ok" aria-hidden />
      ) : (
        <IconAlertTriangle size={16} className="ink-warning" aria-hidden />
      )}
      <span className="target-name">{nameOf(target.target)}</span>
      <span className="target-says">
        {!isJudged
          ? t('move.anyTarget')
          : isRefused
            ? say(target.says)
            : [t('drag.moveMethod', { method: t(`method.${methodKey(target.method)}`) }), ...target.warnings.map(say)].join(
              ' · ',
            )}
      </span>
    </div>
  )
}
