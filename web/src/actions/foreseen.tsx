import { useTranslation } from 'react-i18next'
import type { RecoveryDryRunView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { useSay } from '../words/say.ts'

/** Who could take the place of a server, and why or why not; `choose` null: they are only shown. */
export function Candidates({ view, chosen, choose }: { readonly view: RecoveryDryRunView; readonly chosen: string | null; readonly choose: ((key: string) => void) | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  if (view.candidates.length === 0) return <p className="dim">{t('recover.noCandidates')}</p>
  return (
    <fieldset className="candidates">
      <legend>{t('recover.candidates')}</legend>
      {view.candidates.map(candidate => (
        <label key={candidate.key} className={candidate.verdict === 'refused' ? 'refused' : undefined}>
          <input
            type="radio"
            name="candidate"
            checked={chosen === candidate.key}
            disabled={choose === null || candidate.verdict === 'refused'}
            onChange={() => choose?.(candidate.key)}
          />
          <strong>{nameOf(candidate.key)}</strong>
          <span className={`pill-word ${candidate.verdict}`}>{t(`recover.verdict.${candidate.verdict}`)}</span>
          <span className="dim">{candidate.reasons.map(say).join(' · ')}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** What would be done, and whom and what it would cost. */
export function StagesAndLosses({ view }: { readonly view: RecoveryDryRunView }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const { risk = [] } = view
  return (
    <>
      {view.stages.length === 0 ? null : (
        <section>
          <h3>{t('recover.stages')}</h3>
          <ol className="stage-list">
            {view.stages.map(stage => (
              <li key={stage.name}>{say(stage.says)}</li>
            ))}
          </ol>
        </section>
      )}
      {risk.length === 0 ? null : (
        <section>
          <h3>{t('recover.risk')}</h3>
          <ul>
            {risk.map(reason => (
              <li key={reason.code}>{say(reason)}</li>
            ))}
          </ul>
        </section>
      )}
      {view.lost.length === 0 ? null : (
        <section>
          <h3>{t('recover.lost')}</h3>
          <ul>
            {view.lost.map(lost => (
              <li key={lost.key}>
                <strong>{nameOf(lost.key)}</strong> {say(lost.reason)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
