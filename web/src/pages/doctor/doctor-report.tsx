import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconTool } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DoctorReport } from '../../../../src/contract/doctor.ts'
import { CopyButton, CopyIcon } from '../../ui/copy.tsx'
import { type Complaint, useDoctorWords } from './doctor-words.ts'

/** Of one check so many are shown at first: of a large fleet one cause often has a thousand complaints. */
const shownAtFirst = 5

export function DoctorReportView({ report }: { readonly report: DoctorReport }) {
  const { t } = useTranslation()
  const words = useDoctorWords()
  const { complaints, well, servers, unexamined } = report
  const text = complaints.map(complaint => `${complaint.severity === 'bad' ? '✖' : '!'} ${words.says(complaint)}\n    ${t('doctor.mend')}: ${words.mend(complaint)}`).join('\n')
  return (
    <>
      <div className="row spread">
        <p className={`health ${complaints.length === 0 ? 'ink-ok' : ''}`} role="status">
          {complaints.length === 0 ? <IconCircleCheck size={20} aria-hidden /> : null}
          {complaints.length === 0 ? t('doctor.allWell') : null} {servers.length === 0 ? null : t('doctor.examined', { count: servers.length })}
        </p>
        {complaints.length === 0 ? null : <CopyButton text={text} label={t('doctor.copyReport')} />}
      </div>
      {unexamined.length === 0 ? null : (
        <div className="notice warning" role="alert">
          <IconAlertTriangle size={20} aria-hidden />
          <div className="notice-body">
            <strong>{t('doctor.unread')}</strong>
            <span>{t('doctor.unreadText', { count: unexamined.length })}</span>
          </div>
        </div>
      )}
      {(['bad', 'warning'] as const).map(severity => {
        const own = complaints.filter(complaint => complaint.severity === severity)
        return own.length === 0 ? null : (
          <section key={severity} className="doctor-section">
            <h2>
              {t(`doctor.${severity}`)} <span className="dim">{own.length}</span>
            </h2>
            {[...Map.groupBy(own, ({ code }) => code)].map(([code, group]) => (
              <ComplaintGroup key={code} complaints={group} />
            ))}
          </section>
        )
      })}
      {well.length === 0 ? null : (
        <details className="doctor-section doctor-well" open={complaints.length === 0}>
          <summary>
            {t('doctor.well')} <span className="dim">{well.length}</span>
          </summary>
          <ul>
            {well.map(found => (
              <li key={found.code}>
                <IconCircleCheck size={15} className="ink-ok" aria-hidden />
                {words.looksAt(found)}
                {found.count < 2 ? null : <span className="dim">{t('doctor.wellOn', { count: found.count })}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function ComplaintGroup({ complaints }: { readonly complaints: readonly Complaint[] }) {
  const { t } = useTranslation()
  const words = useDoctorWords()
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen ? complaints : complaints.slice(0, shownAtFirst)
  return (
    <ul className="complaints">
      {shown.map((complaint, index) => {
        const mend = words.mend(complaint)
        // What mends all of them alike is said once.
        const isSaid = index > 0 && words.mend(shown[index - 1] ?? complaint) === mend
        return (
          <li key={`${complaint.server ?? ''} ${complaint.says.text}`} data-severity={complaint.severity}>
            {complaint.severity === 'bad' ? (
              <IconCircleX size={17} className="ink-critical" aria-label={t('doctor.bad')} />
            ) : (
              <IconAlertTriangle size={17} className="ink-warning" aria-label={t('doctor.warning')} />
            )}
            <div>
              <p>{words.says(complaint)}</p>
              {isSaid ? null : (
                <p className="mend">
                  <IconTool size={14} aria-hidden />
                  <span className="visually-hidden">{t('doctor.mend')}</span>
                  <span>{mend}</span>
                  <CopyIcon text={mend} label={t('state.copy')} />
                </p>
              )}
            </div>
          </li>
        )
      })}
      {isOpen || complaints.length <= shownAtFirst ? null : (
        <li className="more">
          <button type="button" className="link-button" onClick={() => setOpen(true)}>
            {t('doctor.showAll', { count: complaints.length })}
          </button>
        </li>
      )}
    </ul>
  )
}
