import { Button, Loader, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNameOf } from '../instance/names.ts'
import { live } from '../live/live.ts'
import { useStore } from '../ui/store.ts'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { planMoves, runMoves, type MoveWays, type PlannedMove } from './many-moves.ts'
import { PlanBody } from './plan-view.tsx'
import { tellSuccess } from './run.ts'

interface StateWords {
  readonly moving: string
  readonly moved: string
  readonly cannot: string
}

interface Props {
  /** `whyNot`: why no plan is asked for; null: one is. */
  readonly items: readonly { readonly server: string; readonly whyNot: string | null }[]
  readonly ways: MoveWays
  readonly words: {
    readonly title: string
    readonly planning: string
    readonly text: string
    readonly nobody: string
    readonly run: (count: number) => string
    readonly allDone: (count: number) => string
    readonly someDone: (count: number) => string
    readonly state: StateWords
  }
  readonly back?: () => void
}

/** Something that has a plan, for several servers: every plan first, then one after another. */
export function ManyPlans({ items, ways, words, back }: Props) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const isLive = useStore(live, state => state.state === 'live' || state.state === 'polling')
  const [moves, setMoves] = useState<readonly PlannedMove[] | null>(null)
  const [stage, setStage] = useState<'shown' | 'running' | 'over'>('shown')
  useEffect(() => {
    let isGone = false
    const asked = items.filter(({ whyNot }) => whyNot === null).map(({ server }) => server)
    void planMoves(asked, ways).then(planned => {
      if (isGone) return
      const left = items.flatMap(({ server, whyNot }): readonly PlannedMove[] => (whyNot === null ? [] : [{ server, plan: null, state: 'planned', why: whyNot }]))
      setMoves([...planned, ...left])
    })
    return () => {
      isGone = true
    }
    // The servers are those that were chosen when the dialog opened.
  }, [])
  const able = moves?.filter(move => move.plan !== null) ?? []
  const doneIn = (of: readonly PlannedMove[]): number => of.filter(move => move.state === 'moved').length
  const run = async (): Promise<void> => {
    setStage('running')
    const ended = doneIn(await runMoves(moves ?? [], setMoves, ways))
    setStage('over')
    if (ended === able.length) tellSuccess(words.allDone(ended))
    await cache.invalidateQueries({ predicate: query => ['cluster', 'servers'].includes(String(query.queryKey[0])) })
  }
  return (
    <Modal opened onClose={closeDialog} size={680} centered title={words.title} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        {moves === null ? (
          <p className="row dim">
            <Loader size="xs" />
            {words.planning}
          </p>
        ) : (
          <>
            <p className="dim">{able.length === 0 ? words.nobody : words.text}</p>
            <ol className="many-moves">
              {moves.map(move => (
                <MoveLine key={move.server} move={move} words={words.state} />
              ))}
            </ol>
            {stage === 'over' && able.some(move => move.state !== 'moved') ? (
              <p className="notice critical" role="alert">
                {words.someDone(doneIn(able))}
              </p>
            ) : null}
          </>
        )}
        {isLive ? null : <p className="ink-warning">{t('plan.offline')}</p>}
        <div className="dialog-foot">
          {stage === 'shown' && back !== undefined ? (
            <Button variant="subtle" onClick={back}>
              {t('many.otherTarget')}
            </Button>
          ) : null}
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {stage === 'shown' ? t('state.cancel') : t('state.close')}
          </Button>
          {stage === 'over' || able.length === 0 ? null : (
            <Button loading={stage === 'running'} disabled={!isLive} onClick={() => void run()}>
              {words.run(able.length)}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  )
}

/** One of them: what will be done, how far it is, or why it stays. */
function MoveLine({ move, words }: { readonly move: PlannedMove; readonly words: StateWords }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const tone = move.state === 'moved' ? 'ok' : move.state === 'failed' ? 'critical' : move.plan === null ? 'warning' : null
  const { state } = move
  const said = move.plan === null ? words.cannot
    : state === 'planned' ? t('many.steps', { count: move.plan.steps.length })
      : state === 'moving' || state === 'moved' ? words[state] : t(`many.${state}`)
  return (
    <li>
      <div className="row">
        <strong className="mono">{nameOf(move.server)}</strong>
        <span className={tone === null ? 'dim' : `ink-${tone}`}>{said}</span>
      </div>
      {move.why === null ? null : <p className="dim">{typeof move.why === 'string' ? move.why : say(move.why)}</p>}
      {move.plan === null ? null : (
        <details>
          <summary>{say(move.plan.says)}</summary>
          <PlanBody plan={move.plan} operation={null} />
        </details>
      )}
    </li>
  )
}
