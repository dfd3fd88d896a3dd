import { Button, Modal } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconLoader2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNameOf } from '../instance/names.ts'
import { CopyButton } from '../ui/copy.tsx'
import { clock, shortDuration } from '../words/format.ts'
import { useSay } from '../words/say.ts'
import { closeDialog } from './dialogs.ts'
import { failedStep, operationText } from './operation-text.ts'
import { useOperation } from './operations.ts'

/** What was run: its steps as they went, live while it runs. */
export function OperationDialog({ number }: { readonly number: number }) {
  const { t } = useTranslation()
  const say = useSay()
  const nameOf = useNameOf()
  const operation = useOperation(number)
  const failed = operation === null ? null : failedStep(operation)
  return (
    <Modal opened onClose={closeDialog} size={640} centered title={operation === null ? t('done.details') : say(operation.says)} closeButtonProps={{ 'aria-label': t('state.close') }}>
      <div className="dialog">
        {operation === null ? (
          <p className="dim">{t('done.gone')}</p>
        ) : (
          <>
            <p className="row wrap">
              {operation.state === 'running' ? (
                <IconLoader2 size={17} className="spin" aria-hidden />
              ) : operation.state === 'done' ? (
                <IconCircleCheck size={17} className="ink-ok" aria-hidden />
              ) : (
                <IconCircleX size={17} className="ink-critical" aria-hidden />
              )}
              <strong>{t(`plan.${operation.state}`)}</strong>
              <span className="dim">
                {t('tray.by', { by: operation.by === '' ? 'orchestrator' : operation.by, time: clock(operation.startedAt) })}
                {operation.endedAt === null ? '' : ` · ${shortDuration(operation.endedAt - operation.startedAt)}`}
              </span>
            </p>
            <ol className="plan-steps">
              {operation.steps.map(step => (
                <li key={step.number} className={`ran-${step.state}`}>
                  <span className="step-number" aria-hidden>
                    {step.number}
                  </span>
                  <span className="step-server">{nameOf(step.server)}</span>
                  <span className="step-says">
                    {step.says === undefined ? step.action : say(step.says)}
                    {step.failure === null ? null : <span className="ink-critical">{step.failure}</span>}
                  </span>
                  <span className="step-state">
                    {t(`plan.${step.state}`)}
                    {step.milliseconds === null ? null : ` ${shortDuration(step.milliseconds)}`}
                  </span>
                </li>
              ))}
            </ol>
            {operation.failure === null ? null : (
              <div className="notice critical" role="alert">
                <IconCircleX size={20} aria-hidden />
                <div className="notice-body">
                  <strong>{say(operation.failure)}</strong>
                  {failed?.ifStoppedHere === undefined ? null : <span>{t('done.stateNow', { says: say(failed.ifStoppedHere) })}</span>}
                </div>
              </div>
            )}
          </>
        )}
        <div className="dialog-foot">
          {operation === null ? null : <CopyButton label={t('done.copyDetails')} text={operationText(operation, say)} />}
          <span className="grow" />
          <Button variant="default" onClick={closeDialog}>
            {t('state.close')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
