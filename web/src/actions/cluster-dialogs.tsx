import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../src/contract/views.ts'
import { closeDialog } from './dialogs.ts'
import { FormDialog } from './form-dialog.tsx'
import { runNow } from './run.ts'
import { TypedDialog } from './typed-dialog.tsx'

/** The name that people use for a cluster. */
export function ClusterAliasDialog({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [alias, setAlias] = useState(cluster.alias)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    setTried(true)
    if (alias.trim() === '') return
    setBusy(true)
    if (await runNow(cache, 'set-cluster-alias', { name: cluster.name, alias: alias.trim() }, t('clusterAct.aliasDone', { alias: alias.trim() }))) closeDialog()
    setBusy(false)
  }
  return (
    <FormDialog title={t('clusterAct.aliasTitle', { cluster: cluster.name })} runLabel={t('clusterAct.aliasSet')} busy={busy} run={send}>
      <p className="dim">{t('clusterAct.aliasText')}</p>
      <TextInput
        data-autofocus
        label={t('clusterAct.aliasLabel')}
        value={alias}
        onChange={event => setAlias(event.currentTarget.value)}
        error={tried && alias.trim() === '' ? t('ask.required') : null}
        autoComplete="off"
        spellCheck={false}
      />
    </FormDialog>
  )
}

export function ForgetClusterDialog({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const name = cluster.alias || cluster.name
  return (
    <TypedDialog
      title={t('clusterAct.forgetTitle', { cluster: name })}
      text={t('clusterAct.forgetText', { count: cluster.members.length })}
      typed={name}
      runLabel={t('clusterAct.forgetRun')}
      operation="forget-cluster"
      asksWhy
      input={{ cluster: cluster.name }}
      done={t('clusterAct.forgotten', { cluster: name })}
    />
  )
}
