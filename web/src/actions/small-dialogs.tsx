import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { useNameOf } from '../instance/names.ts'
import { TypedDialog } from './typed-dialog.tsx'

/** Dialogs of acts that need a word, but no plan. */
export function ForgetDialog({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const name = nameOf(server.key)
  return (
    <TypedDialog
      title={t('confirm.forgetTitle', { server: name })}
      text={t('confirm.forgetText')}
      typed={name}
      runLabel={t('plan.runForget', { server: name })}
      operation="forget"
      input={{ instance: server.key }}
      done={t('done.forgotten', { server: name })}
    />
  )
}

export function AutomaticDialog({ enabled }: { readonly enabled: boolean }) {
  const { t } = useTranslation()
  return (
    <TypedDialog
      title={t('auto.title')}
      text={enabled ? t('auto.turnOffText') : t('auto.turnOnText')}
      typed={t('auto.allClusters')}
      asksWhy
      runLabel={enabled ? t('auto.confirmOff') : t('auto.confirmOn')}
      operation={enabled ? 'disable-global-recoveries' : 'enable-global-recoveries'}
      input={{}}
      done={t('done.sent')}
    />
  )
}
